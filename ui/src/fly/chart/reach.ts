// How far it gets: glide, point of no return, rings of distance.

import type { Vehicle } from '../../lib/vehicles.svelte';
import { beyond, type Spot } from '../../map/geo';

export interface Circle {
  middle: Spot;
  radius: number; // m
}

/** The ground that is reached without power: best glide ratio times height above ground, carried
    off by the wind for as long as it takes. Undefined where something of it was not reported. */
export function glideCircle(
  vehicle: Pick<Vehicle, 'number'>,
  here: Spot,
): Circle | undefined {
  const [ratio, height] = [vehicle.number('best_glide_ratio'), vehicle.number('height_above_ground')];
  if (ratio === undefined || height === undefined || height <= 0) return undefined;
  const radius = ratio * height;
  const speed = vehicle.number('cruise_airspeed') ?? vehicle.number('airspeed');
  const [wind, from] = [vehicle.number('wind_speed'), vehicle.number('wind_from')];
  if (!speed || wind === undefined || from === undefined) return { middle: here, radius };
  return { middle: beyond(here, from + Math.PI, (wind * radius) / speed), radius };
}

/** How far it may still fly from here and yet return with its reserve. */
export function returnCircle(vehicle: Pick<Vehicle, 'number'>, here: Spot): Circle | undefined {
  const radius = vehicle.number('return_radius');
  return radius === undefined || radius <= 0 ? undefined : { middle: here, radius };
}
