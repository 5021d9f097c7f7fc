// How the chart is drawn: its layers from the lowest, and their colours in the palette in force.
// Names give way to each other: what would overprint a name of more weight is left out.

import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  Map as Chart,
  SymbolLayerSpecification,
} from 'maplibre-gl';

// Bands along the coast, as on a sea chart [pixels into the sea, share of their colour]: lines about
// the coast, opaque as a fine one crosses itself, whose half on land the land covers. From afar they
// would fill every strait.
const SHALLOWS: [number, number][] = [
  [9, 0.18],
  [4, 0.43],
];
const SHALLOWS_GROW = [6.5, 8.5]; // zoom, from none to whole
// Least length of the longest runway [m], from each zoom on: smaller fields as one comes closer.
const FIELDS = [2400, 7, 1800, 8, 1200, 9.5, 500, 10.5, 0];
const FIELD_NAMES_FROM = 8.5;
// Least number of people, likewise.
const TOWNS = [0, 7, 40_000, 8, 20_000, 9, 5_000, 10, 2_000, 11, 0];
const FACE = ['sans-serif'];

export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const steps = (values: number[]): ExpressionSpecification =>
  ['step', ['zoom'], ...values] as unknown as ExpressionSpecification;
const atLeast = (property: string, values: number[]): FilterSpecification =>
  ['>=', ['get', property], steps(values)] as unknown as FilterSpecification;

/** Lakes are level 2 and their islands 3: what is odd is land. */
const LAND: ExpressionSpecification = ['==', ['%', ['get', 'level'], 2], 1];

export function layers(language: string): LayerSpecification[] {
  const chart = { source: 'chart' };
  return [
    { id: 'ground', type: 'background' },
    ...SHALLOWS.map(([width], index): LayerSpecification => ({
      id: `shallows-${index}`,
      type: 'line',
      ...chart,
      'source-layer': 'coast',
      layout: { 'line-join': 'round' },
      paint: {
        'line-width': [
          'interpolate', ['linear'], ['zoom'], SHALLOWS_GROW[0]!, 0, SHALLOWS_GROW[1]!, 2 * width,
        ],
      },
    })),
    {
      id: 'land', type: 'fill', ...chart, 'source-layer': 'coast', layout: { 'fill-sort-key': ['get', 'level'] },
      // The coast's line covers the edge; to smooth it would draw every outline once more.
      paint: { 'fill-antialias': false },
    },
    { id: 'graticule', type: 'line', source: 'graticule' },
    { id: 'river', type: 'line', ...chart, 'source-layer': 'river', paint: { 'line-width': 1 } },
    {
      id: 'border', type: 'line', ...chart, 'source-layer': 'border',
      paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.7, 7, 1.4], 'line-dasharray': [6, 3, 1.5, 3] },
    },
    { id: 'coast', type: 'line', ...chart, 'source-layer': 'coast', paint: { 'line-width': 1.2 } },
    {
      id: 'runways', type: 'line', source: 'runways', filter: ['has', 'length'],
      paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 1.5, 10, 3, 14, 7] },
    },
    {
      id: 'fields', type: 'circle', ...chart, 'source-layer': 'airport', maxzoom: 11,
      filter: atLeast('length', FIELDS),
      paint: { 'circle-radius': 4, 'circle-opacity': 0, 'circle-stroke-width': 1.5 },
    },
    ...names(language),
  ]; // prettier-ignore
}

/** The names, from those that give way to those that others give way to. */
function names(language: string): SymbolLayerSpecification[] {
  const text = (field: unknown, size: unknown, more: object = {}): SymbolLayerSpecification['layout'] =>
    ({ 'text-field': field, 'text-size': size, 'text-font': FACE, 'text-padding': 4, ...more }) as SymbolLayerSpecification['layout'];
  const beside = { 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-justify': 'auto' };
  return [
    {
      id: 'graticule-names', type: 'symbol', source: 'graticule', filter: ['has', 'name'],
      layout: text(['get', 'name'], 11),
    },
    {
      id: 'towns', type: 'symbol', source: 'chart', 'source-layer': 'town', minzoom: 4,
      filter: atLeast('people', TOWNS),
      layout: text(
        ['get', 'name'],
        ['interpolate', ['linear'], ['ln', ['max', ['get', 'people'], 1000]], Math.log(1000), 11, Math.log(5e6), 16],
        { 'symbol-sort-key': ['-', 0, ['get', 'people']], 'text-max-width': 8 },
      ),
    },
    {
      id: 'field-names', type: 'symbol', source: 'chart', 'source-layer': 'airport', minzoom: 7,
      filter: atLeast('length', FIELDS),
      layout: text(
        ['step', ['zoom'], ['get', 'ident'], FIELD_NAMES_FROM, ['concat', ['get', 'ident'], '\n', ['get', 'name']]],
        12,
        { ...beside, 'text-radial-offset': ['interpolate', ['linear'], ['zoom'], 10, 0.8, 14, 3], 'text-max-width': 12, 'symbol-sort-key': ['-', 0, ['get', 'length']] },
      ),
    },
    {
      id: 'runway-ends', type: 'symbol', source: 'runways', minzoom: 11.5, filter: ['has', 'ident'],
      layout: text(['get', 'ident'], 12, {
        'text-rotate': ['get', 'course'], 'text-rotation-alignment': 'map', 'text-anchor': 'top', 'text-offset': [0, 0.5],
      }),
    },
    {
      id: 'countries', type: 'symbol', source: 'chart', 'source-layer': 'country', maxzoom: 7,
      layout: text(countryName(language), ['interpolate', ['linear'], ['zoom'], 2, 11, 6, 18], {
        'text-transform': 'uppercase', 'text-letter-spacing': 0.12, 'symbol-sort-key': ['-', 0, ['get', 'size']],
      }),
    },
  ]; // prettier-ignore
}

/** A country's name in the reader's language, as the browser knows it. */
export function countryName(language: string): ExpressionSpecification {
  const known = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const pairs = letters
    .flatMap((one) => letters.map((other) => one + other))
    .flatMap((code) => {
      const name = known.of(code);
      return name ? [code, name] : [];
    });
  return ['match', ['get', 'code'], ...pairs, ['get', 'name']] as unknown as ExpressionSpecification;
}

export function rename(chart: Chart, language: string): void {
  chart.setLayoutProperty('countries', 'text-field', countryName(language));
}

const INKS: [layer: string, ink: string][] = [
  ['graticule-names', 'ink-soft'], ['towns', 'ink'], ['field-names', 'accent'], ['runway-ends', 'ink'],
  ['countries', 'ink-soft'],
]; // prettier-ignore

/** Take the colours of the palette in force. */
export function paint(chart: Chart): void {
  const set = (layer: string, property: string, value: unknown) => chart.setPaintProperty(layer, property as never, value as never);
  set('ground', 'background-color', color('sea'));
  set('land', 'fill-color', ['case', LAND, color('land'), color('sea')]);
  set('graticule', 'line-color', color('line'));
  set('coast', 'line-color', color('coast'));
  set('river', 'line-color', color('shallows'));
  set('border', 'line-color', color('ink-soft'));
  SHALLOWS.forEach(([, share], index) =>
    set(`shallows-${index}`, 'line-color', [
      'interpolate', ['linear'], share, 0, color('sea'), 1, color('shallows'),
    ]),
  ); // prettier-ignore
  set('runways', 'line-color', color('ink'));
  set('fields', 'circle-stroke-color', color('accent'));
  for (const [layer, ink] of INKS) {
    set(layer, 'text-color', color(ink));
    set(layer, 'text-halo-color', color('land'));
    set(layer, 'text-halo-width', 1.4);
  }
  if (!chart.getLayer('relief')) return;
  const night = document.documentElement.dataset.palette === 'night';
  set('relief', 'raster-brightness-max', night ? 0.35 : 1);
}
