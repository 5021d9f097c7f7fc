// A QGroundControl .plan document, never changed in place: every function gives a new one, and
// keys that nothing here knows pass through.

import type { Place } from '../../map/geodesy';

export type Params = (number | null)[];

export interface SimpleItem {
  type: 'SimpleItem';
  command: number;
  frame: number;
  params: Params; // p1..p4, latitude, longitude, altitude
  doJumpId?: number;
  autoContinue?: boolean;
  [key: string]: unknown;
}

export interface ComplexItem {
  type: 'ComplexItem';
  complexItemType: string;
  TransectStyleComplexItem?: { Items: SimpleItem[]; [key: string]: unknown };
  [key: string]: unknown;
}

export type Entry = SimpleItem | ComplexItem;

export interface FencePolygon {
  inclusion: boolean;
  polygon: Place[];
  [key: string]: unknown;
}

export interface FenceCircle {
  inclusion: boolean;
  circle: { center: Place; radius: number; [key: string]: unknown };
  [key: string]: unknown;
}

export interface PlanDocument {
  mission: {
    items: Entry[];
    plannedHomePosition?: (number | null)[];
    cruiseSpeed?: number;
    [key: string]: unknown;
  };
  geoFence?: { polygons?: FencePolygon[]; circles?: FenceCircle[]; [key: string]: unknown };
  rallyPoints?: { points?: [number, number, number][]; [key: string]: unknown };
  [key: string]: unknown;
}

export const FRAME = { MSL: 0, MISSION: 2, HOME: 3, TERRAIN: 10 } as const;
export type Datum = 'msl' | 'home' | 'terrain';
const DATUM_OF: Record<number, Datum> = { 0: 'msl', 5: 'msl', 3: 'home', 6: 'home', 10: 'terrain', 11: 'terrain' };
// QGroundControl's AltitudeMode of the same: 1 above home, 2 above sea level, 4 terrain frame.
const MODE_OF: Record<Datum, number> = { home: 1, msl: 2, terrain: 4 };
const FRAME_OF: Record<Datum, number> = { msl: FRAME.MSL, home: FRAME.HOME, terrain: FRAME.TERRAIN };

export const datumOf = (frame: number): Datum => DATUM_OF[frame] ?? 'msl';
export const frameOf = (datum: Datum): number => FRAME_OF[datum];

export function isSimple(entry: Entry | undefined): entry is SimpleItem {
  return entry !== undefined && entry.type !== 'ComplexItem';
}

export function emptyPlan(): PlanDocument {
  return {
    fileType: 'Plan',
    geoFence: { circles: [], polygons: [], version: 2 },
    groundStation: 'Longwatch',
    mission: {
      firmwareType: 12,
      globalPlanAltitudeMode: 0,
      hoverSpeed: 5,
      items: [],
      vehicleType: 1,
      version: 2,
    },
    rallyPoints: { points: [], version: 2 },
    version: 1,
  };
}

/** An item with a place of its own. */
export function placed(command: number, place: Place, altitude: number, datum: Datum, params: Params = [0, 0, 0, null]): SimpleItem {
  return {
    AMSLAltAboveTerrain: null,
    Altitude: altitude,
    AltitudeMode: MODE_OF[datum],
    autoContinue: true,
    command,
    doJumpId: 0,
    frame: FRAME_OF[datum],
    params: [...params.slice(0, 4), place[0], place[1], altitude],
    type: 'SimpleItem',
  };
}

/** An item that commands something wherever the aircraft is. */
export function order(command: number, params: Params = [0, 0, 0, 0]): SimpleItem {
  return {
    autoContinue: true,
    command,
    doJumpId: 0,
    frame: FRAME.MISSION,
    params: [...params.slice(0, 4), 0, 0, 0],
    type: 'SimpleItem',
  };
}

export function placeOf(item: SimpleItem): Place | null {
  const [latitude, longitude] = [item.params[4], item.params[5]];
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null;
  return latitude === 0 && longitude === 0 ? null : [latitude, longitude];
}

export function withPlace(item: SimpleItem, place: Place): SimpleItem {
  const params = [...item.params];
  [params[4], params[5]] = place;
  return { ...item, params };
}

export function withParam(item: SimpleItem, index: number, value: number | null): SimpleItem {
  const params = [...item.params];
  params[index] = value;
  return { ...item, params };
}

/** QGroundControl keeps the altitude twice; both change together. */
export function withAltitude(item: SimpleItem, altitude: number, datum: Datum): SimpleItem {
  const changed = withParam(item, 6, altitude);
  return { ...changed, frame: FRAME_OF[datum], Altitude: altitude, AltitudeMode: MODE_OF[datum] };
}

export function homeOf(plan: PlanDocument): { place: Place; elevation: number | null } | null {
  const [latitude, longitude, elevation] = plan.mission.plannedHomePosition ?? [];
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null;
  return { place: [latitude, longitude], elevation: typeof elevation === 'number' ? elevation : null };
}

export function withHome(plan: PlanDocument, place: Place, elevation: number | null): PlanDocument {
  return { ...plan, mission: { ...plan.mission, plannedHomePosition: [...place, elevation] } };
}

export function withItems(plan: PlanDocument, items: Entry[]): PlanDocument {
  return { ...plan, mission: { ...plan.mission, items } };
}
