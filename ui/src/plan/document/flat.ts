// The items of a document one by one, as they go aboard, each with the entry that it came from.

import type { Place } from '../../map/geodesy';
import { CMD } from './commands';
import { FRAME, isSimple, order, placed, withItems, withParam } from './document';
import type { Entry, PlanDocument, SimpleItem } from './document';

export interface FlatItem {
  sequence: number;
  entry: number; // index in mission.items
  item: SimpleItem;
}

/** What an entry flies: itself, the waypoints of a pattern, or a landing pattern written out. */
export function itemsOf(entry: Entry): SimpleItem[] {
  if (isSimple(entry)) return [entry];
  const held = entry.TransectStyleComplexItem?.Items;
  if (Array.isArray(held)) return held;
  return entry.complexItemType === 'fwLandingPattern' ? landing(entry) : [];
}

function landing(entry: Entry): SimpleItem[] {
  const approach = (entry.landingApproachCoordinate ?? entry.loiterCoordinate) as number[] | undefined;
  const land = entry.landCoordinate as number[] | undefined;
  if (approach?.length !== 3 || land?.length !== 3) return [];
  const datum = (entry.altitudesAreRelative ?? true) ? 'home' : 'msl';
  const radius = Number(entry.loiterRadius ?? 0) * ((entry.loiterClockwise ?? true) ? 1 : -1);
  const circles = entry.useLoiterToAlt ?? true;
  const at = (c: number[]): Place => [c[0]!, c[1]!];
  return [
    order(CMD.DO_LAND_START),
    circles
      ? placed(CMD.LOITER_TO_ALT, at(approach), approach[2]!, datum, [1, radius, 0, 1])
      : placed(CMD.WAYPOINT, at(approach), approach[2]!, datum),
    placed(CMD.LAND, at(land), land[2]!, datum),
  ];
}

// Documents never change, so what was worked out of one holds.
const known = new WeakMap<PlanDocument, FlatItem[]>();

export function flatItems(plan: PlanDocument): FlatItem[] {
  const before = known.get(plan);
  if (before) return before;
  const found: FlatItem[] = [];
  plan.mission.items.forEach((entry, index) => {
    for (const item of itemsOf(entry)) {
      const following = (found.at(-1)?.sequence ?? 0) + 1;
      found.push({ sequence: item.doJumpId || following, entry: index, item });
    }
  });
  known.set(plan, found);
  return found;
}

/** Each entry's number as it is read everywhere, of a pattern the first and the last: "7" or "7–12". */
export function entryNumbers(plan: PlanDocument): string[] {
  return numbering(plan).map((held) => (held.length > 1 ? `${held[0]}–${held.at(-1)}` : String(held[0] ?? '—')));
}

/**
 * Number the items 1, 2, 3 ... in their order; jumps keep the item that they lead to. A jump whose
 * item is gone leads nowhere (null), which judging then tells, rather than to whatever took its
 * number. `origin` tells for each entry which entry of `before` it was, or -1.
 */
export function renumbered(plan: PlanDocument, before: PlanDocument, origin: number[]): PlanDocument {
  const old = numbering(before);
  const moved = new Map<number, number>();
  let next = 1;
  plan.mission.items.forEach((entry, index) => {
    const was = old[origin[index] ?? -1] ?? [];
    itemsOf(entry).forEach((_, position) => {
      if (was[position] !== undefined) moved.set(was[position], next + position);
    });
    next += itemsOf(entry).length;
  });
  next = 1;
  const items = plan.mission.items.map((entry, index) => {
    const first = next;
    next += itemsOf(entry).length;
    return numbered(entry, first, (target) => (origin[index] === -1 ? target : (moved.get(target) ?? null)));
  });
  return withItems(plan, items);
}

function numbering(plan: PlanDocument): number[][] {
  const found: number[][] = plan.mission.items.map(() => []);
  for (const flat of flatItems(plan)) found[flat.entry]!.push(flat.sequence);
  return found;
}

function numbered(entry: Entry, first: number, target: (was: number) => number | null): Entry {
  const one = (item: SimpleItem, number: number): SimpleItem => {
    const led = item.command === CMD.DO_JUMP && typeof item.params[0] === 'number';
    const jumped = led ? withParam(item, 0, target(item.params[0] as number)) : item;
    return item.doJumpId === number && jumped.params[0] === item.params[0] ? item : { ...jumped, doJumpId: number };
  };
  if (isSimple(entry)) return one(entry, first);
  const inner = entry.TransectStyleComplexItem;
  if (!inner || !Array.isArray(inner.Items)) return entry;
  return { ...entry, TransectStyleComplexItem: { ...inner, Items: inner.Items.map((item, i) => one(item, first + i)) } };
}

/** Waypoints, circles and landings: what stands at a place. */
export function isPlacedCommand(item: SimpleItem): boolean {
  return item.frame !== FRAME.MISSION && PLACED.has(item.command);
}

const PLACED = new Set<number>([
  CMD.WAYPOINT, CMD.LOITER_UNLIM, CMD.LOITER_TURNS, CMD.LOITER_TIME, CMD.LAND, CMD.TAKEOFF, CMD.LOITER_TO_ALT,
]);
