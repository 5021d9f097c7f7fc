// The vertical speed scale: finer near level flight, so that a slow sink is seen.

import { figure, fromUnit, toUnit } from '../lib/units';
import { fill, line, within, write, type Box, type Context, type Reading } from './pen';

/** Where a share of full scale stands, -1 to 1: the square root opens the middle. */
export function spread(share: number): number {
  return Math.sign(share) * Math.sqrt(Math.min(1, Math.abs(share)));
}

export function drawVertical(context: Context, box: Box, reading: Reading): boolean {
  const climb = reading.number('climb_rate');
  if (climb === undefined) return false;
  const { colors, units } = reading;
  const feet = units === 'aviation';
  const full = feet ? 2000 : 10;
  const marks = feet ? [500, 1000, 2000] : [2, 5, 10];
  const middle = box.y + box.height / 2;
  const half = box.height / 2 - 12;
  const y = (value: number) => middle - spread(value / full) * half;
  // On a low scale the marks between have no room for their figures.
  const apart = Math.min(...marks.map((mark, index) => Math.abs(y(mark) - y(marks[index - 1] ?? 0))));
  const named = apart >= 13 ? [0, ...marks] : half >= 26 ? [0, marks[2]] : [];
  fill(context, colors.tape, box);
  within(context, box, () => {
    for (const mark of [0, ...marks, ...marks.map((value) => -value)]) {
      line(context, colors['ink-soft'], 1.5, box.x, y(mark), box.x + 6, y(mark));
      if (!named.includes(Math.abs(mark))) continue;
      const text = String(feet ? Math.abs(mark) / 1000 : Math.abs(mark)).replace(/^0\./, '.');
      write(context, text, box.x + 9, y(mark), colors.ink, 12, { align: 'left', face: 'mono' });
    }
    const at = y(toUnit(climb, 'climb_rate', units));
    line(context, colors.good, 4, box.x + 3, middle, box.x + 3, at);
    line(context, colors.ink, 3, box.x, at, box.x + box.width, middle + (at - middle) * 0.35);
  });
  const still = Math.abs(climb) < fromUnit(feet ? 100 : 0.3, 'climb_rate', units);
  if (!still) {
    const high = climb > 0 ? box.y - 9 : box.y + box.height + 9;
    write(context, figure(climb, 'climb_rate', units), box.x + box.width - 1, high, colors.ink, 13, {
      align: 'right',
      face: 'mono',
    });
  }
  return true;
}
