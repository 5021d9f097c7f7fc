// A circle on the chart, in metres, with a word over it, or under it.

import { write } from '../../instruments/pen';
import type { View } from '../../map/view';
import type { Circle } from './reach';

const COVERED = 110; // px of the chart's upper edge, by the fleet and the chart's tools
const OFF = 9; // px, of the word from its circle

/** Height of a circle's word, px: over it, but where that is covered and there is room under it. */
export function wordAt(y: number, radius: number, height: number, where: 'north' | 'south'): number {
  const [over, under] = [y - radius - OFF, y + radius + OFF];
  return where === 'north' && (over > COVERED || under > height) ? over : under;
}

export function drawCircle(
  context: CanvasRenderingContext2D,
  view: View,
  { middle, radius }: Circle,
  color: string,
  dash: number[],
  text: string,
  where: 'north' | 'south' = 'north',
): void {
  const [x, y] = view.at(middle);
  const pixels = view.pixels(radius, middle.latitude);
  // A ring that surrounds all that is seen has no line to show.
  if (pixels < 12 || pixels > Math.hypot(view.width, view.height) * 2) return;
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.setLineDash(dash);
  context.beginPath();
  context.arc(x, y, pixels, 0, 7);
  context.stroke();
  context.setLineDash([]);
  if (text) write(context, text, x, wordAt(y, pixels, view.height, where), color, 12);
}
