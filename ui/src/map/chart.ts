// Sources, layers and colours of the chart.

import type { GeoJSONSource, LayerSpecification, Map as Chart, StyleSpecification } from 'maplibre-gl';
import { get } from '../lib/api';

export interface MapTold {
  relief: boolean;
  base: boolean;
  attribution: string;
}

type Line = [number, number][];

interface Coast {
  lines: Line[];
  sea: Line[];
  islands: Line[];
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const GRATICULE_STEPS = [30, 10, 5, 2, 1, 0.5, 0.25, 0.1, 0.05];
const LINES_ACROSS = 6;
const RUNWAYS_FROM_ZOOM = 6;

// Coasts run clockwise around land, so the sea lies to their left: bands there, as on a sea chart
// [pixels wide, opacity]. From afar they would fill every strait.
const SHALLOWS: [number, number][] = [
  [4, 0.3],
  [9, 0.18],
];
const SHALLOWS_FADE = [6.5, 8.5]; // zoom, from none to whole

export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function chartStyle(): StyleSpecification {
  return {
    version: 8,
    sources: {
      sea: { type: 'geojson', data: EMPTY },
      islands: { type: 'geojson', data: EMPTY },
      coast: { type: 'geojson', data: EMPTY },
      graticule: { type: 'geojson', data: EMPTY },
      runways: { type: 'geojson', data: EMPTY },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': color('land') } },
      { id: 'sea', type: 'fill', source: 'sea' },
      { id: 'islands', type: 'fill', source: 'islands' },
      { id: 'graticule', type: 'line', source: 'graticule' },
      ...SHALLOWS.map(([width, opacity], index): LayerSpecification => ({
        id: `shallows-${index}`,
        type: 'line',
        source: 'coast',
        layout: { 'line-join': 'round' },
        paint: {
          'line-width': width,
          'line-offset': -width / 2,
          'line-opacity': [
            'interpolate', ['linear'], ['zoom'], SHALLOWS_FADE[0]!, 0, SHALLOWS_FADE[1]!, opacity,
          ],
        },
      })),
      { id: 'coast', type: 'line', source: 'coast', paint: { 'line-width': 1.2 } },
      { id: 'runways', type: 'line', source: 'runways', paint: { 'line-width': 3 } },
    ],
  };
}

/** Take the colours of the palette in force. */
export function paint(chart: Chart): void {
  chart.setPaintProperty('ground', 'background-color', color('land'));
  chart.setPaintProperty('sea', 'fill-color', color('sea'));
  chart.setPaintProperty('islands', 'fill-color', color('land'));
  chart.setPaintProperty('graticule', 'line-color', color('line'));
  chart.setPaintProperty('coast', 'line-color', color('coast'));
  SHALLOWS.forEach((_, index) =>
    chart.setPaintProperty(`shallows-${index}`, 'line-color', color('shallows')),
  );
  chart.setPaintProperty('runways', 'line-color', color('ink'));
  if (chart.getLayer('relief')) {
    const night = document.documentElement.dataset.palette === 'night';
    chart.setPaintProperty('relief', 'raster-brightness-max', night ? 0.35 : 1);
  }
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
  const layers: ('base' | 'relief')[] = [];
  if (map.base) layers.push('base');
  if (map.relief) layers.push('relief');
  for (const name of layers) {
    if (chart.getSource(name)) continue;
    const tiles = name === 'relief' ? '/tiles/relief/{z}/{x}/{y}.png' : '/tiles/base/{z}/{x}/{y}';
    chart.addSource(name, { type: 'raster', tiles: [location.origin + tiles], tileSize: 256, maxzoom: 15 });
    chart.addLayer({ id: name, type: 'raster', source: name }, 'graticule');
  }
  paint(chart);
}

/** Fetch coast and runways around what is seen. */
export async function loadAround(chart: Chart): Promise<void> {
  const seen = chart.getBounds();
  const [south, north] = [Math.max(seen.getSouth(), -85), Math.min(seen.getNorth(), 85)];
  const [west, east] = [seen.getWest(), seen.getEast()];
  setData(chart, 'graticule', lines(graticule(south, west, north, east)));
  const margin = 0.5;
  const box = new URLSearchParams({
    south: String(Math.max(south - (north - south) * margin, -89)),
    north: String(Math.min(north + (north - south) * margin, 89)),
    west: String(west - (east - west) * margin),
    east: String(east + (east - west) * margin),
  });
  const asked: Promise<void>[] = [
    addTiles(chart),
    get<Coast>(`/api/coastline?${box}`).then((coast) => {
      setData(chart, 'coast', lines(coast.lines));
      setData(chart, 'sea', rings(coast.sea));
      setData(chart, 'islands', rings(coast.islands));
    }),
  ];
  if (chart.getZoom() >= RUNWAYS_FROM_ZOOM)
    asked.push(
      get<Runway[]>(`/api/runways?${box}`).then((found) =>
        setData(chart, 'runways', lines(found.map((runway) => runway.ends.map((end) => [end.longitude_deg, end.latitude_deg])))),
      ),
    );
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

function setData(chart: Chart, name: string, data: GeoJSON.FeatureCollection): void {
  (chart.getSource(name) as GeoJSONSource | undefined)?.setData(data);
}

function lines(found: number[][][]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: found } },
    ],
  };
}

function rings(found: Line[]): GeoJSON.FeatureCollection {
  const coordinates = found.map((ring) => [ring]);
  return {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: {}, geometry: { type: 'MultiPolygon', coordinates } }],
  };
}

export function graticuleStep(span: number): number {
  return GRATICULE_STEPS.find((step) => span / step >= LINES_ACROSS) ?? 0.05;
}

function graticule(south: number, west: number, north: number, east: number): number[][][] {
  const step = graticuleStep(east - west);
  const found: number[][][] = [];
  for (let x = Math.floor(west / step) * step; x <= east; x += step) found.push([[x, south], [x, north]]);
  for (let y = Math.floor(south / step) * step; y <= north; y += step) found.push([[west, y], [east, y]]);
  return found;
}
