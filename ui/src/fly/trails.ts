// The trails of all vehicles: asked for once a connection, then kept from the frames.

import { get } from '../lib/api';
import type { Vehicle } from '../lib/vehicles.svelte';
import { TrailKeeper } from './trail';

const keepers = new WeakMap<Vehicle, TrailKeeper>();

export function keeperOf(vehicle: Vehicle): TrailKeeper {
  let keeper = keepers.get(vehicle);
  if (!keeper) {
    keeper = new TrailKeeper(vehicle.trail);
    keepers.set(vehicle, keeper);
  }
  return keeper;
}

/** What the station remembers of it. Where it cannot be had, the trail begins now. */
export async function loadTrail(vehicle: Vehicle): Promise<void> {
  const path = `/api/vehicles/${encodeURIComponent(vehicle.info.id)}/trail`;
  const told = await get<Parameters<TrailKeeper['load']>[0]>(path).catch(() => undefined);
  if (told) keeperOf(vehicle).load(told);
}

/** Take where it is now. */
export function follow(vehicle: Vehicle): boolean {
  const [latitude, longitude] = [vehicle.number('latitude_deg'), vehicle.number('longitude_deg')];
  const time = vehicle.number('time_boot_s') ?? vehicle.number('time_utc_s');
  if (latitude === undefined || longitude === undefined || time === undefined) return false;
  const altitude = vehicle.number('altitude_msl') ?? NaN;
  return keeperOf(vehicle).add({ time, latitude, longitude, altitude });
}
