// What of the document lies under a point of the screen.

import type { Map as Chart } from 'maplibre-gl';
import { between, direct } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { homeOf, placeOf } from '../document/document';
import type { PlanDocument } from '../document/document';
import { isSimple } from '../document/document';
import { circlesOf, polygonsOf, ralliesOf } from '../document/fence';
import { flatItems, isPlacedCommand } from '../document/flat';

export interface Point {
  x: number;
  y: number;
}

export type Hit =
  | { what: 'item'; entry: number }
  | { what: 'insert'; entry: number } // the middle of the leg to this entry
  | { what: 'home' }
  | { what: 'rally'; index: number }
  | { what: 'corner'; index: number; corner: number }
  | { what: 'side'; index: number; corner: number }
  | { what: 'survey'; entry: number; corner: number }
  | { what: 'centre'; index: number }
  | { what: 'rim'; index: number };

export interface Leg {
  entry: number;
  from: Place;
  to: Place;
  simple: boolean;
}

const known = new WeakMap<PlanDocument, Leg[]>();

/** Legs between consecutive places, each named by the entry that it leads to. */
export function legsOf(plan: PlanDocument): Leg[] {
  const before = known.get(plan);
  if (before) return before;
  const placed = flatItems(plan).flatMap(({ entry, item }) => {
    const place = isPlacedCommand(item) ? placeOf(item) : null;
    return place ? [{ entry, place }] : [];
  });
  const found = placed.slice(1).map(({ entry, place }, i) => ({
    entry,
    from: placed[i]!.place,
    to: place,
    simple: placed[i]!.entry !== entry,
  }));
  known.set(plan, found);
  return found;
}

export const project = (chart: Chart, [latitude, longitude]: Place): Point =>
  chart.project([longitude, latitude]);

export function unproject(chart: Chart, { x, y }: Point): Place {
  const { lat, lng } = chart.unproject([x, y]).wrap();
  return [lat, lng];
}

const apart = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export function rimOf(chart: Chart, centre: Place, radius: number): number {
  return apart(project(chart, centre), project(chart, direct(centre, Math.PI / 2, radius)));
}

const LEAST_LEG = 60; // px: shorter ones have no room for a handle

interface Selected {
  part: string;
  index: number;
}

/** The legs that show a handle in their middle: those to and from the selected entry. */
export function handles(chart: Chart, plan: PlanDocument, selected: Selected | null): { entry: number; place: Place }[] {
  if (selected?.part !== 'item') return [];
  const legs = legsOf(plan);
  const into = legs.findIndex((leg) => leg.entry === selected.index);
  const near = legs.filter((leg, i) => leg.simple && (leg.entry === selected.index || i === into + 1 || legs[i - 1]?.entry === selected.index));
  return near
    .filter((leg) => apart(project(chart, leg.from), project(chart, leg.to)) >= LEAST_LEG)
    .map((leg) => ({ entry: leg.entry, place: between(leg.from, leg.to, 0.5) }));
}

/** The topmost thing within `reach` px. */
export function hitAt(chart: Chart, plan: PlanDocument, at: Point, reach: number, selected: Selected | null): Hit | null {
  let best: Hit | null = null;
  let least = reach;
  const offer = (place: Place, hit: Hit, handicap = 0): void => {
    const away = apart(project(chart, place), at) + handicap;
    if (away < least) [least, best] = [away, hit];
  };
  for (const { entry, item } of flatItems(plan)) {
    const place = isPlacedCommand(item) ? placeOf(item) : null;
    if (place) offer(place, { what: 'item', entry }, selected?.part === 'item' && selected.index === entry ? -2 : 0);
  }
  const chosen = selected?.part === 'item' ? plan.mission.items[selected.index] : undefined;
  if (chosen && !isSimple(chosen) && Array.isArray(chosen.polygon))
    (chosen.polygon as Place[]).forEach((place, corner) => offer(place, { what: 'survey', entry: selected!.index, corner }, -1));
  for (const { entry, place } of handles(chart, plan, selected)) offer(place, { what: 'insert', entry }, 2);
  ralliesOf(plan).forEach(([latitude, longitude], index) => offer([latitude, longitude], { what: 'rally', index }));
  polygonsOf(plan).forEach(({ polygon }, index) => {
    polygon.forEach((place, corner) => offer(place, { what: 'corner', index, corner }, 1));
    if (selected?.part === 'polygon' && selected.index === index)
      polygon.forEach((place, corner) =>
        offer(between(place, polygon[(corner + 1) % polygon.length]!, 0.5), { what: 'side', index, corner }, 3));
  });
  circlesOf(plan).forEach(({ circle }, index) => {
    offer(circle.center, { what: 'centre', index }, 1);
    const away = Math.abs(apart(project(chart, circle.center), at) - rimOf(chart, circle.center, circle.radius)) + 4;
    if (away < least) [least, best] = [away, { what: 'rim', index }];
  });
  const home = homeOf(plan);
  if (home) offer(home.place, { what: 'home' }, 4);
  return best;
}

/** The entry that the leg within `reach` px leads to. */
export function legAt(chart: Chart, plan: PlanDocument, at: Point, reach: number): number | null {
  let [found, least]: [number | null, number] = [null, reach];
  for (const { entry, from, to, simple } of legsOf(plan)) {
    if (!simple) continue;
    const [a, b] = [project(chart, from), project(chart, to)];
    const square = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
    const share = square === 0 ? 0 : ((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / square;
    const clamped = Math.min(Math.max(share, 0), 1);
    const away = apart(at, { x: a.x + clamped * (b.x - a.x), y: a.y + clamped * (b.y - a.y) });
    if (away < least) [found, least] = [entry, away];
  }
  return found;
}
