// A plan aboard, as what is drawn of it: the places flown to in order, fences, rally points.

import type { Item, PlanAboard, Value } from '../lib/types';
import type { Spot } from './geo';

export type StopKind = 'way' | 'circle' | 'take_off' | 'land';

export interface Stop extends Spot {
  sequence: number; // of the item, as aboard
  number: number; // of the item, as people count it
  kind: StopKind;
  radius: number; // m, signed, 0 where it is no circle
  altitude: number | null;
  frame: number;
}

// Which parameter holds the radius of each circle: MAV_CMD_NAV_LOITER_UNLIM, _TURNS, _TIME, _TO_ALT.
const RADIUS: Record<number, number> = { 17: 2, 18: 2, 19: 2, 31: 1 };
const KINDS: Record<number, StopKind> = {
  16: 'way', 82: 'way', 17: 'circle', 18: 'circle', 19: 'circle', 31: 'circle',
  21: 'land', 22: 'take_off',
}; // prettier-ignore
const STANDARD_RADIUS = 80;

/** The number that people count an item by, as in its plan, from 1: aboard, all but an ArduPilot count from 0. */
export const itemNumber = (sequence: number, autopilot: Value | undefined): number =>
  autopilot === 'ardupilot' ? sequence : sequence + 1;

export function stops(plan: PlanAboard | undefined, autopilot = ''): Stop[] {
  const found: Stop[] = [];
  plan?.items.forEach((item, sequence) => {
    const kind = KINDS[item.command];
    const place = placeOf(item);
    // Aboard an ArduPilot, item 0 is home.
    if (!kind || !place || (autopilot === 'ardupilot' && sequence === 0)) return;
    const index = RADIUS[item.command];
    const radius = index === undefined ? 0 : item.params[index] || STANDARD_RADIUS;
    const number = itemNumber(sequence, autopilot);
    found.push({ ...place, sequence, number, kind, radius, altitude: item.altitude, frame: item.frame });
  });
  return found;
}

function placeOf(item: Item): Spot | undefined {
  const { latitude_deg: latitude, longitude_deg: longitude } = item;
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0)) return undefined;
  return { latitude, longitude };
}

export interface Fence {
  inside: boolean; // it may not be left; else it may not be entered
  corners: Spot[];
  radius: number; // m, of a circle about the only corner
}

/** Polygons 5001 (stay inside) and 5002 of param 1 corners each; circles 5003 and 5004. */
export function fences(plan: PlanAboard | undefined): Fence[] {
  const found: Fence[] = [];
  let open: Fence | undefined;
  let left = 0;
  for (const item of plan?.items ?? []) {
    const place = placeOf(item);
    if (!place) continue;
    if (item.command === 5003 || item.command === 5004) {
      found.push({ inside: item.command === 5003, corners: [place], radius: item.params[0] ?? 0 });
    } else if (item.command === 5001 || item.command === 5002) {
      if (!open || left === 0) {
        open = { inside: item.command === 5001, corners: [], radius: 0 };
        left = item.params[0] ?? 0;
        found.push(open);
      }
      open.corners.push(place);
      left -= 1;
    }
  }
  return found;
}

const RALLY = 5100;

export function rallyPoints(plan: PlanAboard | undefined): Spot[] {
  return (plan?.items ?? [])
    .filter((item) => item.command === RALLY)
    .flatMap((item) => placeOf(item) ?? []);
}
