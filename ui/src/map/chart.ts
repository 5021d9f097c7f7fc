// Sources of the chart, and what of them is fetched around what is seen.

import type { GeoJSONSource, Map as Chart, StyleSpecification } from 'maplibre-gl';
import { get } from '../lib/api';
import { graticule } from './graticule';
import { layers, paint } from './layers';

export { color, paint } from './layers';
export { graticuleStep } from './graticule';

export interface MapTold {
  relief: boolean;
  base: boolean;
  terrain_folder: string;
  sources: string;
  attribution: string;
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const RUNWAYS_FROM_ZOOM = 7;
const CHART_TO_ZOOM = 8; // its deepest tiles; closer they are enlarged
const RELIEF_TO_ZOOM = 14;
const BASE_TO_ZOOM = 15;

export function chartStyle(language: string): StyleSpecification {
  return {
    version: 8,
    sources: {
      chart: {
        type: 'vector',
        tiles: [`${location.origin}/tiles/chart/{z}/{x}/{y}.pbf`],
        maxzoom: CHART_TO_ZOOM,
      },
      graticule: { type: 'geojson', data: EMPTY },
      runways: { type: 'geojson', data: EMPTY },
    },
    layers: layers(language),
  };
}

let told: Promise<MapTold> | undefined;

/** What the station has to lay under the chart; asked once, and again after a failure. */
export function mapTold(): Promise<MapTold> {
  told ??= get<MapTold>('/api/map').catch((error: unknown) => {
    told = undefined;
    throw error;
  });
  return told;
}

async function addTiles(chart: Chart): Promise<void> {
  const map = await mapTold();
  const pictures = [
    { name: 'base', has: map.base, tiles: '/tiles/base/{z}/{x}/{y}', maxzoom: BASE_TO_ZOOM },
    { name: 'relief', has: map.relief, tiles: '/tiles/relief/{z}/{x}/{y}.png', maxzoom: RELIEF_TO_ZOOM },
  ];
  for (const { name, has, tiles, maxzoom } of pictures) {
    if (!has || chart.getSource(name)) continue;
    chart.addSource(name, { type: 'raster', tiles: [location.origin + tiles], tileSize: 256, maxzoom });
    chart.addLayer({ id: name, type: 'raster', source: name }, 'graticule');
  }
  paint(chart);
}

/** Lay the graticule and fetch runways around what is seen. */
export async function loadAround(chart: Chart): Promise<void> {
  const seen = chart.getBounds();
  const [south, north] = [Math.max(seen.getSouth(), -85), Math.min(seen.getNorth(), 85)];
  const [west, east] = [seen.getWest(), seen.getEast()];
  setData(chart, 'graticule', graticule(south, west, north, east));
  const margin = 0.5;
  const box = new URLSearchParams({
    south: String(Math.max(south - (north - south) * margin, -89)),
    north: String(Math.min(north + (north - south) * margin, 89)),
    west: String(west - (east - west) * margin),
    east: String(east + (east - west) * margin),
  });
  const asked: Promise<void>[] = [addTiles(chart)];
  if (chart.getZoom() >= RUNWAYS_FROM_ZOOM)
    asked.push(get<Runway[]>(`/api/runways?${box}`).then((found) => setData(chart, 'runways', drawn(found))));
  await Promise.allSettled(asked);
}

export interface Runway {
  airport: string;
  name: string;
  ends: {
    ident: string;
    latitude_deg: number;
    longitude_deg: number;
    elevation_msl: number;
    course: number;
  }[];
  length: number;
  width: number;
  surface: string;
}

/** A line a runway, and at each threshold its designator, written as it is painted there. */
function drawn(runways: Runway[]): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = [];
  for (const { ends, length } of runways) {
    const coordinates = ends.map((end) => [end.longitude_deg, end.latitude_deg]);
    features.push({ type: 'Feature', properties: { length }, geometry: { type: 'LineString', coordinates } });
    ends.forEach(({ ident, course }, index) =>
      features.push({
        type: 'Feature',
        properties: { ident, course: (course * 180) / Math.PI },
        geometry: { type: 'Point', coordinates: coordinates[index]! },
      }),
    );
  }
  return { type: 'FeatureCollection', features };
}

function setData(chart: Chart, name: string, data: GeoJSON.FeatureCollection): void {
  (chart.getSource(name) as GeoJSONSource | undefined)?.setData(data);
}
