// Meridians and parallels of round degrees and minutes, each with its name.

// Degrees: 30, 10, 5, 2, 1, then 30, 15, 10, 5, 2 and 1 minute.
const STEPS = [30, 10, 5, 2, 1, 1 / 2, 1 / 4, 1 / 6, 1 / 12, 1 / 30, 1 / 60];
const LINES_ACROSS = 6;
const NAMES_IN = [0.05, 0.13] as const; // share of what is seen, clear of the buttons in its corners

export function graticuleStep(span: number): number {
  return STEPS.find((step) => span / step >= LINES_ACROSS) ?? STEPS.at(-1)!;
}

/** "27°30′E", "41°N": minutes only where there are any. */
export function lineName(degrees: number, letters: string): string {
  const minutes = Math.round(Math.abs(degrees) * 60);
  const whole = Math.floor(minutes / 60);
  const rest = minutes % 60 ? `${String(minutes % 60).padStart(2, '0')}′` : '';
  const letter = minutes === 0 || (letters === 'EW' && minutes === 180 * 60) ? '' : letters[degrees < 0 ? 1 : 0];
  return `${whole}°${rest}${letter}`;
}

/** Lines, a margin beyond what is seen, and their names along its western and northern edges. */
export function graticule(south: number, west: number, north: number, east: number): GeoJSON.FeatureCollection {
  const step = graticuleStep(east - west);
  const features: GeoJSON.Feature[] = [];
  const add = (name: string, coordinates: number[][], at: number[]) =>
    features.push(
      { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } },
      { type: 'Feature', properties: { name }, geometry: { type: 'Point', coordinates: at } },
    );
  const [high, wide] = [(north - south) / 2, (east - west) / 2];
  const [low, top] = [Math.max(south - high, -85), Math.min(north + high, 85)];
  const [left, upper] = [west + (east - west) * NAMES_IN[0], north - (north - south) * NAMES_IN[1]];
  for (let k = Math.ceil((west - wide) / step); k * step <= east + wide; k++) {
    const x = k * step;
    add(lineName(x - 360 * Math.round(x / 360), 'EW'), [[x, low], [x, top]], [x, upper]);
  }
  for (let k = Math.ceil(low / step); k * step <= top; k++) {
    const y = k * step;
    add(lineName(y, 'NS'), [[west - wide, y], [east + wide, y]], [left, y]);
  }
  return { type: 'FeatureCollection', features };
}
