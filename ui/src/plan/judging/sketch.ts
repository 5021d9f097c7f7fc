// The altitude profile of a document that cannot be judged: as drawn, straight from place to
// place, with the ground below as far as the station knows it.

import { post } from '../../lib/api';
import { direct, inverse } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { datumOf, homeOf, placeOf } from '../document/document';
import type { PlanDocument } from '../document/document';
import { flatItems, isPlacedCommand } from '../document/flat';
import type { ProfilePoint } from './judged';

const PIECE = 1000; // m
const MOST_PIECES = 40; // of one leg
const MOST_POINTS = 2000;

export interface Sketched {
  place: Place;
  distance: number;
  altitude: number;
  above: 'msl' | 'terrain';
}

/** Points along the legs. Items whose altitude has no datum (no home is known) are passed over. */
export function sketch(plan: PlanDocument): Sketched[] {
  const elevation = homeOf(plan)?.elevation ?? null;
  const stops: Sketched[] = [];
  for (const { item } of flatItems(plan)) {
    const place = isPlacedCommand(item) ? placeOf(item) : null;
    const altitude = item.params[6] ?? null;
    const datum = datumOf(item.frame);
    if (!place || altitude === null || (datum === 'home' && elevation === null)) continue;
    stops.push({ place, distance: 0, altitude: datum === 'home' ? altitude + elevation! : altitude, above: datum === 'terrain' ? 'terrain' : 'msl' });
  }
  const found: Sketched[] = [];
  let along = 0;
  stops.forEach((to, i) => {
    const from = stops[i - 1];
    if (!from) return found.push(to);
    const { distance, course } = inverse(from.place, to.place);
    const pieces = Math.min(Math.max(Math.ceil(distance / PIECE), 1), MOST_PIECES);
    for (let k = 1; k < pieces; k++) {
      const share = k / pieces;
      if (from.above === to.above)
        found.push({
          place: direct(from.place, course, distance * share),
          distance: along + distance * share,
          altitude: from.altitude + share * (to.altitude - from.altitude),
          above: to.above,
        });
    }
    along += distance;
    found.push({ ...to, distance: along });
  });
  return found.slice(0, MOST_POINTS);
}

/** The sketch over the ground; points above terrain stay out where the ground is unknown. */
export async function sketchedProfile(plan: PlanDocument, speed: number): Promise<ProfilePoint[]> {
  const points = sketch(plan);
  if (points.length < 2) return [];
  const told = await post<{ ground_msl: (number | null)[] }>('/api/elevation', { points: points.map(({ place }) => place) }).catch(() => null);
  return points.flatMap(({ distance, altitude, above }, i) => {
    const ground_msl = told?.ground_msl[i] ?? null;
    if (above === 'terrain' && ground_msl === null) return [];
    return [{ distance, time_s: distance / speed, altitude_msl: above === 'terrain' ? altitude + ground_msl! : altitude, ground_msl }];
  });
}
