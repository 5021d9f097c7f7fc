// Distances, courses and places on WGS84, by Karney's method (geographiclib-geodesic).

import geographic from 'geographiclib-geodesic';

/** Latitude and longitude in degrees, the order of .plan files. */
export type Place = [latitude: number, longitude: number];
/** East and north of an origin, m. */
export type Flat = [east: number, north: number];

const wgs84 = geographic.Geodesic.WGS84;
const DEGREE = Math.PI / 180;

/** Distance in m and true course at `from`, rad. */
export function inverse(from: Place, to: Place): { distance: number; course: number } {
  const found = wgs84.Inverse(from[0], from[1], to[0], to[1]);
  return { distance: found.s12 ?? 0, course: turned((found.azi1 ?? 0) * DEGREE) };
}

export function distance(from: Place, to: Place): number {
  return inverse(from, to).distance;
}

/** The place `metres` from `from` on the true course `course`, rad. */
export function direct(from: Place, course: number, metres: number): Place {
  const found = wgs84.Direct(from[0], from[1], course / DEGREE, metres);
  return [found.lat2 ?? from[0], wrapped(found.lon2 ?? from[1])];
}

export function between(from: Place, to: Place, share: number): Place {
  const { distance: whole, course } = inverse(from, to);
  return direct(from, course, whole * share);
}

/** Azimuthal equidistant about `origin`: lengths are wrong by 2e-6 at 20 km, no more. */
export function flatten(origin: Place, place: Place): Flat {
  const { distance: radius, course } = inverse(origin, place);
  return [radius * Math.sin(course), radius * Math.cos(course)];
}

export function unflatten(origin: Place, [east, north]: Flat): Place {
  return direct(origin, Math.atan2(east, north), Math.hypot(east, north));
}

/** An angle in 0 to 2 pi. */
export function turned(angle: number): number {
  const whole = 2 * Math.PI;
  return ((angle % whole) + whole) % whole;
}

function wrapped(longitude: number): number {
  return longitude - 360 * Math.round(longitude / 360);
}

/** To 1e-7 degrees, a centimetre: what MAVLink carries. */
export function rounded([latitude, longitude]: Place): Place {
  return [Math.round(latitude * 1e7) / 1e7, Math.round(longitude * 1e7) / 1e7];
}
