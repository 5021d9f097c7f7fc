// Expanding square search (IAMSAR manual, volume III): from the datum point legs of D, D, 2D, 2D,
// 3D, 3D ..., each at right angles to the last, D being the track spacing.

import { rounded, unflatten } from '../../map/geodesy';
import type { Flat, Place } from '../../map/geodesy';
import { CMD } from '../document/commands';
import { placed } from '../document/document';
import type { Datum, SimpleItem } from '../document/document';

export interface SearchSetting {
  start: Place;
  spacing: number; // D, m
  course: number; // of the first leg, rad
  legs: number;
  right: boolean; // turns to the right
  altitude: number;
  datum: Datum;
}

/** The corners, the start first: one more than there are legs. */
export function corners({ start, spacing, course, legs, right }: SearchSetting): Place[] {
  const found: Place[] = [start];
  let [east, north]: Flat = [0, 0];
  for (let leg = 0; leg < legs; leg++) {
    const length = spacing * (Math.floor(leg / 2) + 1);
    const direction = course + ((right ? 1 : -1) * leg * Math.PI) / 2;
    east += length * Math.sin(direction);
    north += length * Math.cos(direction);
    found.push(unflatten(start, [east, north]));
  }
  return found;
}

export function searchItems(setting: SearchSetting): SimpleItem[] {
  return corners(setting).map((place) => placed(CMD.WAYPOINT, rounded(place), setting.altitude, setting.datum));
}

/** Length of all legs: D times (1 + 1 + 2 + 2 + ...). */
export function searchLength(spacing: number, legs: number): number {
  const pairs = Math.floor(legs / 2);
  return spacing * (pairs * (pairs + 1) + (legs % 2) * (pairs + 1));
}
