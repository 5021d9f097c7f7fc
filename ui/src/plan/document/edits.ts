// Every change of a mission as a function from document to document, with what is selected then.

import { direct, distance, inverse, rounded } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { CMD, COMMAND_OF } from './commands';
import { datumOf, frameOf, homeOf, isSimple, order, placed, placeOf, withItems, withPlace } from './document';
import type { Datum, Entry, PlanDocument, SimpleItem } from './document';
import { flatItems, isPlacedCommand, itemsOf, renumbered } from './flat';

export interface Edited {
  plan: PlanDocument;
  selected: number | null;
}

const MODE_OF: Record<Datum, number> = { home: 1, msl: 2, terrain: 4 };

export function insert(plan: PlanDocument, at: number, entries: Entry[]): Edited {
  const items = plan.mission.items;
  const index = Math.min(Math.max(at, 0), items.length);
  const origin = items.map((_, i) => i);
  origin.splice(index, 0, ...entries.map(() => -1));
  // A jump that is new states numbers of the document as it will be: it is left alone.
  const changed = withItems(plan, [...items.slice(0, index), ...entries, ...items.slice(index)]);
  return { plan: renumbered(changed, plan, origin), selected: index + entries.length - 1 };
}

export function removeAt(plan: PlanDocument, index: number): Edited {
  const keep = plan.mission.items.map((_, i) => i).filter((i) => i !== index);
  const changed = withItems(plan, keep.map((i) => plan.mission.items[i]!));
  const last = keep.length - 1;
  return { plan: renumbered(changed, plan, keep), selected: last < 0 ? null : Math.min(index, last) };
}

/** Put entry `from` where it stands at `to` afterwards. */
export function move(plan: PlanDocument, from: number, to: number): Edited {
  const order = plan.mission.items.map((_, i) => i);
  const target = Math.min(Math.max(to, 0), order.length - 1);
  order.splice(target, 0, ...order.splice(from, 1));
  const changed = withItems(plan, order.map((i) => plan.mission.items[i]!));
  return { plan: renumbered(changed, plan, order), selected: target };
}

export function replaceAt(plan: PlanDocument, index: number, entry: Entry): PlanDocument {
  const origin = plan.mission.items.map((_, i) => i);
  const changed = withItems(plan, plan.mission.items.map((old, i) => (i === index ? entry : old)));
  const same = itemsOf(entry).length === itemsOf(plan.mission.items[index]!).length;
  return same ? changed : renumbered(changed, plan, origin);
}

/** A pattern's waypoints as items of their own. */
export function dissolve(plan: PlanDocument, index: number): Edited {
  const entry = plan.mission.items[index];
  if (!entry || isSimple(entry)) return { plan, selected: index };
  const held = itemsOf(entry);
  const without = removeAt(plan, index).plan;
  return { plan: insert(without, index, held.map((item) => ({ ...item }))).plan, selected: index };
}

const beginsLanding = (entry: Entry): boolean =>
  isSimple(entry)
    ? entry.command === CMD.DO_LAND_START || entry.command === CMD.LAND
    : entry.complexItemType === 'fwLandingPattern';

const endsLanding = (entry: Entry): boolean =>
  isSimple(entry) ? entry.command === CMD.LAND : entry.complexItemType === 'fwLandingPattern';

/** The landing sequence that entry `at` belongs to, by where it begins, or -1. */
function landingOf(items: Entry[], at: number): number {
  let begin = -1;
  for (let i = 0; i <= at; i++) {
    if (i > 0 && endsLanding(items[i - 1]!)) begin = -1;
    if (begin < 0 && beginsLanding(items[i]!)) begin = i;
  }
  return begin;
}

/**
 * Where a new item goes: behind the selected one, but before a landing sequence that this belongs
 * to; with none selected before the landing, else at the end.
 */
export function slotFor(plan: PlanDocument, selected: number | null): number {
  const { items } = plan.mission;
  if (selected !== null) {
    const landing = landingOf(items, Math.min(selected, items.length - 1));
    return landing < 0 ? selected + 1 : landing;
  }
  const landing = items.findIndex(beginsLanding);
  return landing < 0 ? items.length : landing;
}

/** Altitude and datum for what is inserted at `slot`: those of the last place before it. */
export function altitudeBefore(plan: PlanDocument, slot: number): { altitude: number; datum: Datum } {
  const before = flatItems(plan).filter((flat) => flat.entry < slot && isPlacedCommand(flat.item));
  const last = before.findLast((flat) => flat.item.command !== CMD.LAND && flat.item.params[6] !== null);
  if (!last) return { altitude: 1500, datum: 'msl' };
  return { altitude: last.item.params[6] ?? 1500, datum: datumOf(last.item.frame) };
}

export function newItem(plan: PlanDocument, slot: number, command: number, place: Place): SimpleItem {
  const known = COMMAND_OF.get(command)!;
  if (!known.placed) return order(command, known.params);
  const { altitude, datum } = altitudeBefore(plan, slot);
  return placed(command, rounded(place), altitude, datum, known.params);
}

/** Another command for an item: its place, altitude and unknown keys stay. */
export function withCommand(item: SimpleItem, command: number, fallback: Place, altitude: number, datum: Datum): SimpleItem {
  const known = COMMAND_OF.get(command);
  if (!known) return item;
  if (!known.placed) {
    const { Altitude, AltitudeMode, AMSLAltAboveTerrain, ...rest } = item;
    return { ...rest, ...order(command, known.params), doJumpId: item.doJumpId ?? 0 };
  }
  const place = placeOf(item) ?? fallback;
  const had = COMMAND_OF.get(item.command)?.altitude === true && item.params[6] !== null;
  const height = had ? (item.params[6] as number) : altitude;
  const held = had ? datumOf(item.frame) : datum;
  return {
    ...item,
    command,
    frame: frameOf(held),
    Altitude: height,
    AltitudeMode: MODE_OF[held],
    params: [...known.params, ...place, height],
  };
}

/** Move a placed entry; of a pattern, all of it. */
export function moveTo(plan: PlanDocument, index: number, to: Place): PlanDocument {
  const entry = plan.mission.items[index];
  return isSimple(entry) ? replaceAt(plan, index, withPlace(entry, rounded(to))) : plan;
}

export function nudge(plan: PlanDocument, index: number, course: number, metres: number): PlanDocument {
  const entry = plan.mission.items[index];
  const place = isSimple(entry) ? placeOf(entry) : null;
  return place ? moveTo(plan, index, direct(place, course, metres)) : plan;
}

/** Move placed entries together, as far and in the direction that `lead` goes to `to`. */
export function moveTogether(plan: PlanDocument, entries: number[], lead: number, to: Place): PlanDocument {
  const entry = plan.mission.items[lead];
  const from = isSimple(entry) ? placeOf(entry) : null;
  if (!from) return plan;
  const { course, distance: metres } = inverse(from, to);
  const rest = entries.filter((i) => i !== lead);
  return moveTo(nudgeAll(plan, rest, course, metres), lead, to);
}

export function nudgeAll(plan: PlanDocument, entries: number[], course: number, metres: number): PlanDocument {
  return entries.reduce((moved, i) => nudge(moved, i, course, metres), plan);
}

export function removeAll(plan: PlanDocument, entries: number[]): Edited {
  const [first, ...rest] = [...entries].sort((a, b) => b - a);
  if (first === undefined) return { plan, selected: null };
  return rest.reduce((left, i) => removeAt(left.plan, i), removeAt(plan, first));
}

/** Length over the places in their order, m: what a mission without a judge's answer shows. */
export function lengthOf(plan: PlanDocument): number {
  const places = flatItems(plan).flatMap(({ item }) => (isPlacedCommand(item) ? (placeOf(item) ?? []) : []));
  let total = 0;
  for (let i = 2; i + 1 < places.length; i += 2)
    total += distance([places[i - 2]!, places[i - 1]!], [places[i]!, places[i + 1]!]);
  return total;
}

export function courseBetween(from: Place, to: Place): number {
  return inverse(from, to).course;
}

const isTakeoff = (entry: Entry): boolean => isSimple(entry) && entry.command === CMD.TAKEOFF;
const STRAIGHT_OUT = Math.PI / 180; // rad, between home, take-off and climb-out

/** The climb-out that was put in with the take-off: straight on from home, as high as that; -1 where there is none. */
export function climbOutOf(plan: PlanDocument): number {
  const first = plan.mission.items.findIndex(isTakeoff);
  const [takeoff, climb, home] = [plan.mission.items[first], plan.mission.items[first + 1], homeOf(plan)];
  if (!home || !isSimple(takeoff) || !isSimple(climb) || climb.command !== CMD.WAYPOINT) return -1;
  const [from, to] = [placeOf(takeoff), placeOf(climb)];
  if (!from || !to || takeoff.params[6] !== climb.params[6] || takeoff.frame !== climb.frame) return -1;
  const turn = inverse(from, to).course - inverse(home.place, from).course;
  return Math.cos(turn) > Math.cos(STRAIGHT_OUT) ? first + 1 : -1;
}

/**
 * Put a take-off at the beginning with its climb: in place of those that are there. The climb is
 * selected then: what is added next follows the whole departure.
 */
export function withTakeoff(plan: PlanDocument, [takeoff, climb]: SimpleItem[]): Edited {
  const first = plan.mission.items.findIndex(isTakeoff);
  if (!takeoff || !climb) return { plan, selected: null };
  if (first < 0) return insert(plan, 0, [takeoff, climb]);
  const old = climbOutOf(plan);
  const replaced = replaceAt(plan, first, { ...plan.mission.items[first], ...takeoff });
  if (old < 0) return { plan: replaced, selected: first };
  return { plan: replaceAt(replaced, old, { ...plan.mission.items[old], ...climb }), selected: old };
}

/** Put a landing at the end: in place of the one that is there. */
export function withLanding(plan: PlanDocument, items: SimpleItem[]): Edited {
  const { length } = plan.mission.items;
  const begin = plan.mission.items.findIndex(beginsLanding);
  let without = plan;
  for (let i = length - 1; begin >= 0 && i >= begin; i--) without = removeAt(without, i).plan;
  return insert(without, without.mission.items.length, items);
}
