// Where a vehicle has been: what the station remembers, then what came since; thinned with age, so
// that 27 hours are some 2 500 points.

import type { Trail } from '../lib/vehicles.svelte';

// Spacing of points that are older than so much, s; the oldest first.
const TIERS = [
  { older: 1800, spacing: 60 },
  { older: 120, spacing: 5 },
  { older: -Infinity, spacing: 0.5 },
];
const THIN_EVERY = 400; // points that came since it was thinned last

export interface Point {
  time: number; // the vehicle's own, s
  latitude: number; // deg
  longitude: number; // deg
  altitude: number; // m MSL, NaN where it was not reported
}

/** Which points are kept at `now`; the first and the last always. */
export function kept(times: number[], now: number): boolean[] {
  let last = -Infinity;
  return times.map((time, index) => {
    const tier = TIERS.find(({ older }) => now - time > older)!;
    const keep = index === 0 || index === times.length - 1 || time - last >= tier.spacing - 1e-6;
    if (keep) last = time;
    return keep;
  });
}

export class TrailKeeper {
  private since = 0;

  constructor(readonly trail: Trail) {}

  get length(): number {
    return this.trail.time.length;
  }

  /** What the station remembers goes before what came while it was asked. */
  load(told: {
    time_s: number[];
    latitude_deg: number[];
    longitude_deg: number[];
    altitude_msl: (number | null)[];
  }): void {
    const { trail } = this;
    const end = told.time_s.at(-1) ?? -Infinity;
    const from = trail.time.findIndex((time) => time > end);
    const newer = (list: number[]) => (from < 0 ? [] : list.slice(from));
    trail.latitude = [...told.latitude_deg, ...newer(trail.latitude)];
    trail.longitude = [...told.longitude_deg, ...newer(trail.longitude)];
    trail.altitude = [...told.altitude_msl.map((value) => value ?? NaN), ...newer(trail.altitude)];
    trail.time = [...told.time_s, ...newer(trail.time)];
  }

  /** True where the point was taken: half a second and some way after the last one. */
  add(point: Point): boolean {
    const { trail } = this;
    const last = trail.time.at(-1);
    if (last !== undefined && point.time < last - 1) this.cut(point.time);
    else if (last !== undefined && point.time - last < 0.5) return false;
    if (trail.latitude.at(-1) === point.latitude && trail.longitude.at(-1) === point.longitude)
      return false;
    trail.time.push(point.time);
    trail.latitude.push(point.latitude);
    trail.longitude.push(point.longitude);
    trail.altitude.push(point.altitude);
    if (++this.since >= THIN_EVERY) this.thin(point.time);
    return true;
  }

  clear(): void {
    this.cut(-Infinity);
  }

  /** Time went back, by a restart or a snapshot: what was later has not happened. */
  private cut(time: number): void {
    const { trail } = this;
    let length = trail.time.length;
    while (length > 0 && trail.time[length - 1]! >= time) length -= 1;
    for (const list of [trail.time, trail.latitude, trail.longitude, trail.altitude])
      list.length = length;
  }

  private thin(now: number): void {
    const keep = kept(this.trail.time, now);
    const only = (list: number[]) => list.filter((_, index) => keep[index]);
    const { trail } = this;
    trail.latitude = only(trail.latitude);
    trail.longitude = only(trail.longitude);
    trail.altitude = only(trail.altitude);
    trail.time = only(trail.time);
    this.since = 0;
  }
}
