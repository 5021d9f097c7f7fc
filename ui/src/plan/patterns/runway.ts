// Take-off and landing along a runway, as simple items: every ground station opens them, and each
// can be changed by itself. They are what QGroundControl uploads for its fixed-wing patterns.

import type { Runway } from '../../map/chart';
import { direct, inverse, rounded } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { CMD } from '../document/commands';
import { order, placed } from '../document/document';
import type { SimpleItem } from '../document/document';

/** What of the aircraft shapes its patterns; the figures of a TB2-class aircraft where not told. */
export interface Procedures {
  glide_path: number; // rad
  final_length: number; // m, the final approach that the autopilot flies
  aiming_distance: number; // m from threshold to aiming point
  climb_gradient: number; // height over distance that any load climbs
  loiter_radius: number; // m
}

export const PROCEDURES: Procedures = {
  glide_path: 0.05236,
  final_length: 4000,
  aiming_distance: 300,
  climb_gradient: 0.05,
  loiter_radius: 1000,
};

const GRAVITY = 9.80665;
const CIRCLE_MARGIN = 1.5; // over the tightest circle, for the wind
const LEAST_CIRCLE = 1000;

/** The aircraft's own figures as far as the station told them. */
export function proceduresOf(kind: Record<string, unknown> | undefined): Procedures {
  const told = (name: string, otherwise: number): number => {
    const value = kind?.[name];
    return typeof value === 'number' && value > 0 ? value : otherwise;
  };
  const [speed, bank] = [told('cruise_airspeed', 36), told('bank_maximum', 0.5)];
  const tightest = speed ** 2 / (GRAVITY * Math.tan(Math.min(bank, 1)));
  return {
    ...PROCEDURES,
    glide_path: told('glide_path', PROCEDURES.glide_path),
    final_length: told('final_length', PROCEDURES.final_length),
    loiter_radius: Math.max(LEAST_CIRCLE, Math.ceil((CIRCLE_MARGIN * tightest) / 100) * 100),
  };
}

const TAKEOFF_BEYOND = 1000; // m past the far threshold, for the take-off's own place

interface Axis {
  threshold: Place;
  course: number;
  length: number;
  elevation: number;
  farElevation: number;
}

export function axisOf(runway: Runway, end: number): Axis {
  const [near, far] = [runway.ends[end]!, runway.ends[1 - end]!];
  const threshold: Place = [near.latitude_deg, near.longitude_deg];
  const { distance, course } = inverse(threshold, [far.latitude_deg, far.longitude_deg]);
  return { threshold, course, length: distance, elevation: near.elevation_msl, farElevation: far.elevation_msl };
}

/** Take off towards a point on the extended centreline, `height` above the runway. */
export function takeoffItems(runway: Runway, end: number, height: number, with_: Procedures): SimpleItem[] {
  const axis = axisOf(runway, end);
  const past = axis.length + TAKEOFF_BEYOND;
  const climbed = rounded(direct(axis.threshold, axis.course, past));
  const high = rounded(direct(axis.threshold, axis.course, past + height / with_.climb_gradient));
  const altitude = Math.round(axis.elevation + height);
  return [placed(CMD.TAKEOFF, climbed, altitude, 'msl'), placed(CMD.WAYPOINT, high, altitude, 'msl')];
}

/**
 * DO_LAND_START, a circle that loses height, and the landing. The circle touches the extended
 * centreline at least where the final begins, and is left there at the glide path's height or
 * above: `height` counts from the aiming point.
 */
export function landingItems(runway: Runway, end: number, height: number, right: boolean, with_: Procedures): SimpleItem[] {
  const axis = axisOf(runway, end);
  const share = with_.aiming_distance / axis.length;
  const elevation = axis.elevation + share * (axis.farElevation - axis.elevation);
  const aim = direct(axis.threshold, axis.course, with_.aiming_distance);
  const reach = approachLength(height, with_);
  const gate = direct(axis.threshold, axis.course + Math.PI, reach - with_.aiming_distance);
  const side = axis.course + ((right ? 1 : -1) * Math.PI) / 2;
  const middle = direct(gate, side, with_.loiter_radius);
  return [
    order(CMD.DO_LAND_START),
    placed(CMD.LOITER_TO_ALT, rounded(middle), Math.round(elevation + height), 'msl', [
      0, (right ? 1 : -1) * with_.loiter_radius, 0, 1,
    ]),
    placed(CMD.LAND, rounded(aim), Math.round(elevation * 10) / 10, 'msl'),
  ];
}

/** Metres of approach from `height` down the glide path, never less than the final approach. */
export function approachLength(height: number, with_: Procedures): number {
  return Math.max(height / Math.tan(with_.glide_path), with_.final_length);
}

/** The least height at which the final approach begins, rounded up to ten metres. */
export function leastHeight(with_: Procedures): number {
  return Math.ceil((with_.final_length * Math.tan(with_.glide_path)) / 10) * 10;
}
