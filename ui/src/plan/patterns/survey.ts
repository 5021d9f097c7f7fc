// Parallel tracks over a polygon.
//
// Kept as QGroundControl's survey, a ComplexItem, and not as simple items: both stations can then
// change its spacing or angle later, and the waypoints that it holds (TransectStyleComplexItem's
// Items) are what our reader flies. Versions 1 of the inner parts are what every QGroundControl
// since 2018 reads; with them a survey's altitude counts from home or from mean sea level.

import { flatten, rounded, unflatten } from '../../map/geodesy';
import type { Flat, Place } from '../../map/geodesy';
import { CMD } from '../document/commands';
import { placed } from '../document/document';
import type { ComplexItem, Datum, SimpleItem } from '../document/document';

export interface SurveySetting {
  polygon: Place[];
  spacing: number; // m between tracks
  angle: number; // true direction of the tracks, rad
  altitude: number; // m
  datum: Exclude<Datum, 'terrain'>;
  turnaround: number; // m flown beyond the polygon at each end of a track
  /** The corner where it begins, 0 to 3: bit 0 other end of the tracks, bit 1 other side. */
  entry: number;
}

export const MOST_TRACKS = 400;

/** Ends of the tracks in the order flown, without the turnarounds. */
export function tracks({ polygon, spacing, angle, entry }: SurveySetting): [Place, Place][] {
  if (polygon.length < 3 || !(spacing > 0)) return [];
  const origin = middle(polygon);
  const corners = polygon.map((place) => rotated(flatten(origin, place), angle));
  const across = corners.map(([x]) => x);
  const [least, most] = [Math.min(...across), Math.max(...across)];
  // A sliver of a ten thousandth of the spacing needs no track; bays of the polygon are flown across.
  const count = Math.min(Math.max(Math.ceil((most - least) / spacing - 1e-4), 1), MOST_TRACKS);
  // Each track serves half a spacing on either side, and they stand centred over the polygon.
  const first = (least + most) / 2 - ((count - 1) * spacing) / 2;
  const found: [Place, Place][] = [];
  for (let i = 0; i < count; i++) {
    const x = first + (entry & 2 ? count - 1 - i : i) * spacing;
    const along = crossings(corners, x);
    if (along.length < 2) continue;
    const ends: [number, number] = [along[0]!, along.at(-1)!];
    if (((found.length & 1) === 1) !== ((entry & 1) === 1)) ends.reverse();
    const place = (y: number): Place => unflatten(origin, rotated([x, y], -angle));
    found.push([place(ends[0]), place(ends[1])]);
  }
  return found;
}

/** From east-north into across-along of the direction `angle`, and with -angle back. */
function rotated([east, north]: Flat, angle: number): Flat {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return [east * cosine - north * sine, east * sine + north * cosine];
}

function crossings(corners: Flat[], x: number): number[] {
  const found: number[] = [];
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length]!;
    if (x1 <= x !== x2 <= x) found.push(y1 + ((x - x1) / (x2 - x1)) * (y2 - y1));
  });
  return found.sort((a, b) => a - b);
}

function middle(polygon: Place[]): Place {
  const east = polygon.map(([, longitude]) => {
    const from = longitude - polygon[0]![1];
    return from - 360 * Math.round(from / 360);
  });
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return [mean(polygon.map(([latitude]) => latitude)), polygon[0]![1] + mean(east)];
}

/** The waypoints: each track's ends, carried beyond by the turnaround. */
export function surveyItems(setting: SurveySetting): SimpleItem[] {
  const items: SimpleItem[] = [];
  for (const [from, to] of tracks(setting)) {
    const [origin, reach] = [from, setting.turnaround];
    const [east, north] = flatten(origin, to);
    const length = Math.hypot(east, north) || 1;
    const step: Flat = [(east / length) * reach, (north / length) * reach];
    for (const place of [unflatten(origin, [-step[0], -step[1]]), unflatten(origin, [east + step[0], north + step[1]])])
      items.push(placed(CMD.WAYPOINT, rounded(place), setting.altitude, setting.datum));
  }
  return items;
}

export function surveyEntry(setting: SurveySetting, before?: ComplexItem): ComplexItem {
  const items = surveyItems(setting);
  const inner = before?.TransectStyleComplexItem;
  const camera = (inner?.CameraCalc ?? {}) as Record<string, unknown>;
  const relative = setting.datum === 'home';
  return {
    ...before,
    TransectStyleComplexItem: {
      CameraShots: 0,
      CameraTriggerInTurnAround: true,
      FollowTerrain: false,
      HoverAndCapture: false,
      Refly90Degrees: false,
      version: 1,
      ...inner,
      CameraCalc: {
        AdjustedFootprintFrontal: 0,
        CameraName: 'Manual (no camera specs)',
        version: 1,
        ...camera,
        AdjustedFootprintSide: setting.spacing,
        DistanceToSurface: setting.altitude,
        ...(Number(camera.version ?? 1) > 1
          ? { DistanceMode: relative ? 1 : 2 }
          : { DistanceToSurfaceRelative: relative }),
      },
      TurnAroundDistance: setting.turnaround,
      Items: items,
      VisualTransectPoints: items.map((item) => [item.params[4], item.params[5]]),
    },
    angle: (((setting.angle * 180) / Math.PI) % 360 + 360) % 360,
    complexItemType: 'survey',
    entryLocation: setting.entry,
    flyAlternateTransects: false,
    polygon: setting.polygon,
    splitConcavePolygons: false,
    type: 'ComplexItem',
    version: 5,
  };
}

/** What a survey in a document was made of; null where it is none that can be made again. */
export function settingOf(entry: ComplexItem): SurveySetting | null {
  const inner = entry.TransectStyleComplexItem;
  const camera = inner?.CameraCalc as Record<string, unknown> | undefined;
  if (entry.complexItemType !== 'survey' || !inner || !camera || !Array.isArray(entry.polygon)) return null;
  const mode = camera.DistanceMode ?? (camera.DistanceToSurfaceRelative === false ? 2 : 1);
  const number = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);
  return {
    polygon: entry.polygon as Place[],
    spacing: number(camera.AdjustedFootprintSide, 500),
    angle: (number(entry.angle, 0) * Math.PI) / 180,
    altitude: number(camera.DistanceToSurface, 1500),
    datum: mode === 2 ? 'msl' : 'home',
    turnaround: number(inner.TurnAroundDistance, 0),
    entry: number(entry.entryLocation, 0) & 3,
  };
}

/** Area of a polygon, m2. */
export function areaOf(polygon: Place[]): number {
  if (polygon.length < 3) return 0;
  const origin = middle(polygon);
  const flat = polygon.map((place) => flatten(origin, place));
  const twice = flat.reduce((sum, [x1, y1], i) => {
    const [x2, y2] = flat[(i + 1) % flat.length]!;
    return sum + x1 * y2 - x2 * y1;
  }, 0);
  return Math.abs(twice) / 2;
}
