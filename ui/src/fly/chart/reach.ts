// How far it gets: glide, point of no return, rings of distance.

import type { Vehicle } from '../../lib/vehicles.svelte';
import { beyond, type Spot } from '../../map/geo';

export interface Circle {
  middle: Spot;
  radius: number; // m
}

/** The ground that is reached without power, as the station reckons the glide, carried off by the
    wind for as long as it takes. `toHome`: to home's height, the ground below is not known. Undefined
    where something of it was not reported. */
export function glideCircle(
  vehicle: Pick<Vehicle, 'number'>,
  here: Spot,
): (Circle & { toHome: boolean }) | undefined {
  const [radius, seconds] = [vehicle.number('glide_distance'), vehicle.number('glide_time_s')];
  if (radius === undefined || seconds === undefined || radius <= 0) return undefined;
  const toHome = vehicle.number('height_above_ground') === undefined;
  const [wind, from] = [vehicle.number('wind_speed'), vehicle.number('wind_from')];
  if (wind === undefined || from === undefined) return { middle: here, radius, toHome };
  return { middle: beyond(here, from + Math.PI, wind * seconds), radius, toHome };
}

/** How far it may still fly from here and yet return with its reserve. */
export function returnCircle(vehicle: Pick<Vehicle, 'number'>, here: Spot): Circle | undefined {
  const radius = vehicle.number('return_radius');
  return radius === undefined || radius <= 0 ? undefined : { middle: here, radius };
}
