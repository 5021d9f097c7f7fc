// Where on the map, and at which item, a moment of the judged flight is.

import { between } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { CMD } from '../document/commands';
import { placeOf } from '../document/document';
import type { FlatItem } from '../document/flat';
import { isPlacedCommand } from '../document/flat';
import type { Judged, ProfilePoint } from '../judging/judged';

export interface Stretch {
  sequence: number;
  entry: number;
  from: Place;
  to: Place;
  began: number; // s from the start
  arrived: number;
  ended: number; // later than arrived where it circles
}

/** The judged flight item by item; nothing for missions that jump, whose order is not the list's. */
export function stretches(flat: FlatItem[], judged: Judged): Stretch[] {
  if (flat.some(({ item }) => item.command === CMD.DO_JUMP)) return [];
  const numbers = new Map(judged.items.map((item) => [item.sequence, item]));
  const found: Stretch[] = [];
  let [time, here]: [number, Place | null] = [0, null];
  for (const { sequence, entry, item } of flat) {
    const told = numbers.get(sequence);
    const takes = told?.time ?? 0;
    const place = isPlacedCommand(item) ? placeOf(item) : null;
    if (place) {
      const leg = told?.leg && told.ground_speed ? told.leg / told.ground_speed : takes;
      found.push({ sequence, entry, from: here ?? place, to: place, began: time, arrived: time + Math.min(leg, takes), ended: time + takes });
      here = place;
    }
    time += takes;
  }
  return found;
}

export function placeAt(found: Stretch[], time: number): Place | null {
  const at = found.find((stretch) => time <= stretch.ended);
  if (!at) return found.at(-1)?.to ?? null;
  if (time >= at.arrived || at.arrived <= at.began) return at.to;
  return between(at.from, at.to, (time - at.began) / (at.arrived - at.began));
}

/** Index of the profile's point nearest in time. */
export function pointAt(profile: ProfilePoint[], time: number): number {
  let best = 0;
  profile.forEach((point, i) => {
    if (Math.abs(point.time_s - time) < Math.abs(profile[best]!.time_s - time)) best = i;
  });
  return best;
}

/** The profile's distance at a time, between its points. */
export function distanceAt(profile: ProfilePoint[], time: number): number {
  const after = profile.findIndex((point) => point.time_s >= time);
  if (after < 0) return profile.at(-1)?.distance ?? 0;
  const [a, b] = [profile[Math.max(after - 1, 0)]!, profile[after]!];
  const span = b.time_s - a.time_s;
  return span <= 0 ? b.distance : a.distance + ((time - a.time_s) / span) * (b.distance - a.distance);
}
