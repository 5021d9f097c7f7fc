// A circle on the chart, in metres, with a word over it, or under it.

import { write } from '../../instruments/pen';
import type { View } from '../../map/view';
import type { Circle } from './reach';

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
  if (text) write(context, text, x, where === 'north' ? y - pixels - 9 : y + pixels + 9, color, 12);
}
