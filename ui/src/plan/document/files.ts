// Missions from and to files, the station's library, and vehicles.

import { get, post, put, remove } from '../../lib/api';
import type { Item, PlanAboard } from '../../lib/types';
import type { Place } from '../../map/geodesy';
import { CMD } from './commands';
import type { PlanDocument, SimpleItem } from './document';
import { emptyPlan } from './document';

export interface Stored {
  id: string | number;
  name: string;
  changed_s: number;
  by: string;
  items: number;
}

export interface StoredMission {
  id: string | number;
  name: string;
  document: PlanDocument;
  version: unknown;
}

export const listMissions = (): Promise<Stored[]> => get('/api/missions');
export const readMission = (id: string | number): Promise<StoredMission> => get(`/api/missions/${encodeURIComponent(String(id))}`);
export const deleteMission = (id: string | number): Promise<unknown> => remove(`/api/missions/${encodeURIComponent(String(id))}`);

export function saveMission(
  name: string,
  document: PlanDocument,
  stored: { id: string | number; version: unknown } | null,
): Promise<StoredMission> {
  if (!stored) return post('/api/missions', { name, document });
  return put(`/api/missions/${encodeURIComponent(String(stored.id))}`, { name, document, version: stored.version });
}

/** What a file holds: .plan or QGC WPL 110. Raises Refused with all its faults. */
export async function openText(name: string, text: string): Promise<PlanDocument> {
  const { document } = await post<{ document: PlanDocument }>('/api/open', { name, text });
  return document;
}

export const stem = (name: string): string => name.replace(/\.(plan|waypoints|txt|json)$/i, '');

/** A .plan that QGroundControl opens, with a home where the document has none. */
export async function planText(document: PlanDocument): Promise<string> {
  return (await post<{ text: string }>('/api/export/plan', { document })).text;
}

export async function wplText(document: PlanDocument): Promise<string> {
  return (await post<{ text: string }>('/api/export/wpl', { document })).text;
}

export interface Uploaded {
  same: boolean;
  differences: string[];
  notes: string[]; // what this autopilot does not keep
}

export const upload = (vehicle: string, document: PlanDocument): Promise<Uploaded> =>
  post(`/api/vehicles/${encodeURIComponent(vehicle)}/plan`, { document });

/** What is aboard a vehicle, as a document. Kinds that it does not know stay empty. */
export async function fromVehicle(vehicle: string, autopilot: string): Promise<PlanDocument> {
  const ask = (kind: string) => get<PlanAboard>(`/api/vehicles/${encodeURIComponent(vehicle)}/plan/${kind}`);
  const mission = await ask('mission');
  const none = { items: [] as Item[] };
  const [fence, rally] = [await ask('fence').catch(() => none), await ask('rally').catch(() => none)];
  return aboard(mission.items, fence.items, rally.items, autopilot === 'ardupilot');
}

const POLYGON_IN = 5001;
const POLYGON_OUT = 5002;
const CIRCLE_IN = 5003;
const CIRCLE_OUT = 5004;
const RALLY = 5100;

/** MAVLink items as a document; ArduPilot's item 0 is home. */
export function aboard(mission: Item[], fence: Item[], rally: Item[], homeFirst: boolean): PlanDocument {
  const plan = emptyPlan();
  const [home, ...rest] = mission;
  const flown = homeFirst ? rest : mission;
  if (homeFirst && home && home.latitude_deg !== null && home.longitude_deg !== null)
    plan.mission.plannedHomePosition = [home.latitude_deg, home.longitude_deg, home.altitude ?? 0];
  // Aboard, a jump names its item by the place in the list: from 0, or from 1 behind a home.
  plan.mission.items = flown.map((item, index) => simple(item, index + 1, homeFirst ? 0 : 1));
  const polygons: NonNullable<NonNullable<PlanDocument['geoFence']>['polygons']> = [];
  const circles: NonNullable<NonNullable<PlanDocument['geoFence']>['circles']> = [];
  for (let i = 0; i < fence.length; i++) {
    const item = fence[i]!;
    const place: Place = [item.latitude_deg ?? 0, item.longitude_deg ?? 0];
    if (item.command === CIRCLE_IN || item.command === CIRCLE_OUT) {
      circles.push({ circle: { center: place, radius: item.params[0] ?? 0 }, inclusion: item.command === CIRCLE_IN, version: 1 });
    } else if (item.command === POLYGON_IN || item.command === POLYGON_OUT) {
      const count = Math.max(item.params[0] ?? 1, 1);
      const corners = fence.slice(i, i + count).map((at): Place => [at.latitude_deg ?? 0, at.longitude_deg ?? 0]);
      polygons.push({ inclusion: item.command === POLYGON_IN, polygon: corners, version: 1 });
      i += count - 1;
    }
  }
  plan.geoFence = { circles, polygons, version: 2 };
  const points = rally.filter((item) => item.command === RALLY)
    .map((item): [number, number, number] => [item.latitude_deg ?? 0, item.longitude_deg ?? 0, item.altitude ?? 0]);
  plan.rallyPoints = { points, version: 2 };
  return plan;
}

function simple(item: Item, number: number, shift: number): SimpleItem {
  const [first] = item.params;
  const p1 = item.command === CMD.DO_JUMP && typeof first === 'number' ? first + shift : first;
  const mode = item.frame === 0 ? 2 : item.frame === 10 ? 4 : 1;
  return {
    AMSLAltAboveTerrain: null,
    Altitude: item.altitude ?? 0,
    AltitudeMode: mode,
    autoContinue: item.autocontinue,
    command: item.command,
    doJumpId: number,
    frame: item.frame,
    params: [p1 ?? null, ...item.params.slice(1, 4), item.latitude_deg, item.longitude_deg, item.altitude],
    type: 'SimpleItem',
  };
}
