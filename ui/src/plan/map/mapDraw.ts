// The document on the chart's canvas. Colours are the palette's, read once a palette.

import type { Map as Chart } from 'maplibre-gl';
import { between } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { CMD, isLoiter, radiusOf } from '../document/commands';
import { homeOf, isSimple, placeOf } from '../document/document';
import type { PlanDocument } from '../document/document';
import { circlesOf, polygonsOf, ralliesOf } from '../document/fence';
import { flatItems, isPlacedCommand } from '../document/flat';
import type { Selection } from '../editing/editor.svelte';
import type { Severity } from '../judging/marks';
import { handles, legsOf, project } from './mapHits';
import type { Point } from './mapHits';
import { markBox, wordBox, type Box } from './naming';
import { Pen, RADIUS } from './pen';

export interface Scene {
  plan: PlanDocument;
  selection: Selection | null;
  marks: Map<number, Severity>;
  track: Place[];
  drawing: Place[];
  closed: boolean; // the drawing is a polygon
  pointed: Place | null;
  words: { takeoff: string; land: string; home: string };
  defaultRadius: number;
}

type Canvas = CanvasRenderingContext2D;
const CROWD = 60; // items

/** Everything, from what lies lowest. */
export function drawPlan(canvas: Canvas, chart: Chart, scene: Scene, palette: Record<string, string>): void {
  const pen = new Pen(canvas, chart, palette);
  drawFence(pen, scene);
  drawSurveys(pen, scene);
  pen.line(scene.track, 'ink-soft', 1, [], 0.75);
  drawLegs(pen, scene);
  for (const { place } of handles(chart, scene.plan, scene.selection)) pen.handle(place);
  drawHome(pen, scene);
  drawRallies(pen, scene);
  drawItems(pen, scene);
  if (scene.drawing.length > 0) {
    const way = scene.closed && scene.drawing.length > 2 ? [...scene.drawing, scene.drawing[0]!] : scene.drawing;
    pen.line(way, 'selected', 2, [6, 4]);
    scene.drawing.forEach((place, i) => pen.dot(place, i === 0 ? 7 : 5, 'selected'));
  }
  if (scene.pointed) pen.cross(scene.pointed);
}

function drawLegs(pen: Pen, { plan, defaultRadius }: Scene): void {
  let [from, simple]: [Place | null, Place[]] = [null, []];
  for (const leg of legsOf(plan)) {
    if (from !== leg.from) {
      pen.line(simple, 'leading', 2);
      simple = [leg.from];
    }
    simple.push(leg.to);
    from = leg.to;
  }
  pen.line(simple, 'leading', 2);
  const flat = flatItems(plan);
  for (const { item } of flat) {
    const place = placeOf(item);
    if (place && isLoiter(item.command) && isPlacedCommand(item))
      pen.circle(place, Math.abs(radiusOf(item)) || defaultRadius, 'leading', 1.5);
    if (item.command !== CMD.DO_JUMP) continue;
    const at = flat.indexOf(flat.find((other) => other.item === item)!);
    const before = flat.slice(0, at).findLast((other) => isPlacedCommand(other.item) && placeOf(other.item));
    const target = flat.slice(flat.findIndex((other) => other.sequence === item.params[0])).find((other) => isPlacedCommand(other.item) && placeOf(other.item));
    if (before && target && item.params[0] !== null) pen.line([placeOf(before.item)!, placeOf(target.item)!], 'leading', 1.5, [3, 5]);
  }
}

function drawItems(pen: Pen, { plan, selection, marks, words }: Scene): void {
  const chosen = new Set(selection?.part === 'item' ? [selection.index, ...(selection.also ?? [])] : []);
  const flat = flatItems(plan).filter(({ item }) => isPlacedCommand(item));
  const order = [...flat.filter(({ entry }) => !chosen.has(entry)), ...flat.filter(({ entry }) => chosen.has(entry))];
  const named: { at: Point; word: string; side: 'above' | 'below' }[] = [];
  const taken: Box[] = [];
  let last: Point = { x: -1e6, y: -1e6 };
  for (const { entry, item, sequence } of order) {
    const place = placeOf(item);
    if (!place) continue;
    const at = project(pen.chart, place);
    if (!pen.sees(at)) continue;
    // Where items crowd, numbers on numbers could not be read: they are dots until one zooms in.
    const crowded = flat.length > CROWD && !chosen.has(entry) && !marks.has(entry) && Math.hypot(at.x - last.x, at.y - last.y) < RADIUS;
    if (crowded || !isSimple(plan.mission.items[entry])) {
      pen.dot(place, 4, chosen.has(entry) ? 'selected' : 'leading');
      continue;
    }
    last = at;
    pen.badge(place, String(sequence), chosen.has(entry), marks.get(entry));
    taken.push(markBox(at, RADIUS));
    if (item.command === CMD.TAKEOFF) named.push({ at, word: words.takeoff, side: 'above' });
    if (item.command === CMD.LAND) named.push({ at, word: words.land, side: 'below' });
  }
  for (const { at, word, side } of named) {
    const box = wordBox(at, RADIUS, pen.width(word), side, taken);
    if (!box) continue;
    taken.push(box);
    pen.word((box.left + box.right) / 2, (box.top + box.bottom) / 2, word);
  }
}

function drawSurveys(pen: Pen, { plan, selection }: Scene): void {
  plan.mission.items.forEach((entry, index) => {
    if (isSimple(entry) || !Array.isArray(entry.polygon) || entry.polygon.length < 3) return;
    const polygon = entry.polygon as Place[];
    const chosen = selection?.part === 'item' && selection.index === index;
    pen.area(polygon, chosen ? 'selected' : 'accent', 1.5, 0.08, [6, 4]);
    if (chosen) polygon.forEach((place) => pen.dot(place, 6, 'selected'));
  });
}

function drawFence(pen: Pen, { plan, selection }: Scene): void {
  const chosen = (part: string, index: number) => selection?.part === part && selection.index === index;
  polygonsOf(plan).forEach(({ polygon, inclusion }, index) => {
    if (polygon.length < 2) return;
    const here = chosen('polygon', index);
    const tone = here ? 'selected' : inclusion ? 'good' : 'warning';
    pen.area(polygon, tone, here ? 3 : 2, inclusion ? 0 : 0.12, inclusion ? [] : [10, 5]);
    polygon.forEach((place, i) => {
      pen.dot(place, here ? 6 : 4, tone);
      const next = polygon[(i + 1) % polygon.length]!;
      if (here) pen.dot(between(place, next, 0.5), 3, tone);
    });
  });
  circlesOf(plan).forEach(({ circle, inclusion }, index) => {
    const here = chosen('circle', index);
    const tone = here ? 'selected' : inclusion ? 'good' : 'warning';
    pen.circle(circle.center, circle.radius, tone, here ? 3 : 2, inclusion ? 0 : 0.12, inclusion ? [] : [10, 5]);
    pen.dot(circle.center, here ? 6 : 4, tone);
  });
}

function drawHome(pen: Pen, { plan, words }: Scene): void {
  const home = homeOf(plan);
  if (!home) return;
  pen.dot(home.place, 9, 'ink');
  pen.text(home.place, words.home, 'ink', 0, 0, '700 11px');
}

function drawRallies(pen: Pen, { plan, selection }: Scene): void {
  ralliesOf(plan).forEach(([latitude, longitude], index) => {
    const chosen = selection?.part === 'rally' && selection.index === index;
    pen.dot([latitude, longitude], 10, chosen ? 'selected' : 'good');
    pen.text([latitude, longitude], `R${index + 1}`, chosen ? 'selected' : 'good', 0, 0, '700 10px');
  });
}
