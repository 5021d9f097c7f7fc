// Geofence and rally points of a document, in QGroundControl's geoFence and rallyPoints.

import { rounded } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import type { FenceCircle, FencePolygon, PlanDocument } from './document';

export const polygonsOf = (plan: PlanDocument): FencePolygon[] => plan.geoFence?.polygons ?? [];
export const circlesOf = (plan: PlanDocument): FenceCircle[] => plan.geoFence?.circles ?? [];
export const ralliesOf = (plan: PlanDocument): [number, number, number][] => plan.rallyPoints?.points ?? [];

function withPolygons(plan: PlanDocument, polygons: FencePolygon[]): PlanDocument {
  return { ...plan, geoFence: { circles: [], version: 2, ...plan.geoFence, polygons } };
}

function withCircles(plan: PlanDocument, circles: FenceCircle[]): PlanDocument {
  return { ...plan, geoFence: { polygons: [], version: 2, ...plan.geoFence, circles } };
}

function withRallies(plan: PlanDocument, points: [number, number, number][]): PlanDocument {
  return { ...plan, rallyPoints: { version: 2, ...plan.rallyPoints, points } };
}

const replaced = <T>(list: T[], index: number, value: T): T[] => list.map((old, i) => (i === index ? value : old));
const without = <T>(list: T[], index: number): T[] => list.filter((_, i) => i !== index);

export function addPolygon(plan: PlanDocument, polygon: Place[], inclusion: boolean): PlanDocument {
  return withPolygons(plan, [...polygonsOf(plan), { inclusion, polygon: polygon.map(rounded), version: 1 }]);
}

export function setPolygon(plan: PlanDocument, index: number, change: Partial<FencePolygon>): PlanDocument {
  const polygons = polygonsOf(plan);
  return withPolygons(plan, replaced(polygons, index, { ...polygons[index]!, ...change }));
}

export function moveCorner(plan: PlanDocument, index: number, corner: number, to: Place): PlanDocument {
  const polygon = polygonsOf(plan)[index]!.polygon;
  return setPolygon(plan, index, { polygon: replaced(polygon, corner, rounded(to)) });
}

export function addCorner(plan: PlanDocument, index: number, after: number, at: Place): PlanDocument {
  const polygon = [...polygonsOf(plan)[index]!.polygon];
  polygon.splice(after + 1, 0, rounded(at));
  return setPolygon(plan, index, { polygon });
}

export function addCircle(plan: PlanDocument, center: Place, radius: number, inclusion: boolean): PlanDocument {
  const circle: FenceCircle = { circle: { center: rounded(center), radius }, inclusion, version: 1 };
  return withCircles(plan, [...circlesOf(plan), circle]);
}

export function setCircle(
  plan: PlanDocument,
  index: number,
  change: { center?: Place; radius?: number; inclusion?: boolean },
): PlanDocument {
  const { inclusion, ...inner } = change;
  const old = circlesOf(plan)[index]!;
  const changed = { ...old, inclusion: inclusion ?? old.inclusion, circle: { ...old.circle, ...inner } };
  return withCircles(plan, replaced(circlesOf(plan), index, changed));
}

export function addRally(plan: PlanDocument, at: Place, height: number): PlanDocument {
  return withRallies(plan, [...ralliesOf(plan), [...rounded(at), height]]);
}

export function setRally(plan: PlanDocument, index: number, at: Place, height: number): PlanDocument {
  return withRallies(plan, replaced(ralliesOf(plan), index, [...rounded(at), height]));
}

export function removePart(plan: PlanDocument, part: 'polygon' | 'circle' | 'rally', index: number): PlanDocument {
  if (part === 'polygon') return withPolygons(plan, without(polygonsOf(plan), index));
  if (part === 'circle') return withCircles(plan, without(circlesOf(plan), index));
  return withRallies(plan, without(ralliesOf(plan), index));
}
