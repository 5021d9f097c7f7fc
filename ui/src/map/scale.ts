// The scale bar: a round length in the crew's unit, and how wide it is.

import { fromUnit, unitOf, type UnitSystem } from '../lib/units';

const ROUND = [1, 2, 5];

/** The largest round length within `most` pixels, at `metres` a pixel. */
export function scaleBar(
  metres: number,
  most: number,
  system: UnitSystem,
): { pixels: number; text: string } {
  const far = fromUnit(1, 'distance', system) <= metres * most;
  const kind = far ? 'distance' : 'length';
  const longest = (metres * most) / fromUnit(1, kind, system);
  const power = 10 ** Math.floor(Math.log10(longest));
  const length = Math.max(...ROUND.map((n) => n * power).filter((n) => n <= longest));
  return {
    pixels: (length * fromUnit(1, kind, system)) / metres,
    text: `${length} ${unitOf(kind, system).symbol}`,
  };
}
