// Places near each other: distance, course, and the place so far away, on the ellipsoid's own radii
// of curvature. Good to 1e-4 up to 200 km, which is what is drawn and told here; the plan view's
// geodesics are exact.

const RADIANS = Math.PI / 180;
const EQUATOR = 6378137;
const ECCENTRICITY2 = 0.0066943799901413165;

export interface Spot {
  latitude: number; // deg
  longitude: number; // deg
}

/** Metres in a degree of latitude and of longitude, at `latitude` in degrees. */
export function degreeLengths(latitude: number): [north: number, east: number] {
  const sine = Math.sin(latitude * RADIANS);
  const w2 = 1 - ECCENTRICITY2 * sine * sine;
  const w = Math.sqrt(w2);
  const meridian = (EQUATOR * (1 - ECCENTRICITY2)) / (w2 * w);
  return [meridian * RADIANS, (EQUATOR / w) * Math.cos(latitude * RADIANS) * RADIANS];
}

/** North and east of `from`, m. */
export function away(from: Spot, to: Spot): [north: number, east: number] {
  const [north, east] = degreeLengths((from.latitude + to.latitude) / 2);
  const turn = to.longitude - from.longitude;
  return [(to.latitude - from.latitude) * north, (turn - 360 * Math.round(turn / 360)) * east];
}

export function distance(from: Spot, to: Spot): number {
  return Math.hypot(...away(from, to));
}

/** True course at the middle of the way, rad, 0 to 2 pi. */
export function course(from: Spot, to: Spot): number {
  const [north, east] = away(from, to);
  return (Math.atan2(east, north) + 2 * Math.PI) % (2 * Math.PI);
}

/** The place `metres` away on the true course `angle`, rad. */
export function beyond(from: Spot, angle: number, metres: number): Spot {
  const [northLength] = degreeLengths(from.latitude);
  const latitude = from.latitude + (metres * Math.cos(angle)) / northLength;
  const [, eastLength] = degreeLengths((from.latitude + latitude) / 2);
  return { latitude, longitude: from.longitude + (metres * Math.sin(angle)) / eastLength };
}

/** The smaller angle from `from` to `to`, rad, within pi of zero, positive to the right. */
export function turn(from: number, to: number): number {
  const whole = 2 * Math.PI;
  const angle = (((to - from) % whole) + whole) % whole;
  return angle > Math.PI ? angle - whole : angle;
}

/** Ground speed on the course `angle` at `airspeed` in a wind `from`; undefined where the wind is
    too strong to hold it. Speeds in m/s, angles in rad. */
export function speedOver(
  angle: number,
  airspeed: number,
  wind: { speed: number; from: number } | undefined,
): number | undefined {
  if (!wind) return airspeed;
  const across = wind.speed * Math.sin(wind.from - angle);
  if (Math.abs(across) >= airspeed) return undefined;
  const along = Math.sqrt(airspeed * airspeed - across * across);
  const over = along - wind.speed * Math.cos(wind.from - angle);
  return over > 0 ? over : undefined;
}
