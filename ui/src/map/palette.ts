// The theme's colours for canvases, read once a palette: asking the style every frame costs more
// than the drawing.

const NAMES = [
  'ground', 'panel', 'raised', 'line', 'ink', 'ink-soft', 'accent', 'selected', 'leading', 'good',
  'warning', 'on-warning', 'caution', 'caution-fill', 'on-caution', 'advisory', 'sky', 'earth',
  'sea', 'land', 'coast', 'tape', 'horizon', 'vehicle-1', 'vehicle-2', 'vehicle-3', 'vehicle-4',
  'vehicle-5', 'vehicle-6',
] as const; // prettier-ignore

export type ColorName = (typeof NAMES)[number];
export type Palette = Record<ColorName, string>;

let known: Palette | undefined;
let knownFor: string | undefined;

export function palette(): Palette {
  const name = document.documentElement.dataset.palette;
  if (known && knownFor === name) return known;
  const style = getComputedStyle(document.documentElement);
  known = Object.fromEntries(
    NAMES.map((color) => [color, style.getPropertyValue(`--${color}`).trim()]),
  ) as Palette;
  knownFor = name;
  return known;
}

const VEHICLES = 6;

/** Each vehicle's own colour: by its place in the fleet, so that it stays what it was. */
export function vehicleColor(id: string, colors: Palette): string {
  const digits = Number(id.replace(/\D/g, '')) || 1;
  return colors[`vehicle-${((digits - 1) % VEHICLES) + 1}` as ColorName];
}

/** The page's face, as the language has it (type.css). */
export function sans(): string {
  const latin = document.documentElement.lang === 'en';
  return latin ? "B612, 'Fira Sans', sans-serif" : "'B612 Figures', 'Fira Sans', sans-serif";
}

export const MONO = '"B612 Mono", ui-monospace, monospace';
