// The heading tape under the horizon: true heading in the window, track, and the course led to.

import { turn } from '../map/geo';
import { fill, line, shape, within, write, type Box, type Context, type Reading } from './pen';

const DEGREE = Math.PI / 180;
const SHOWN = 70; // degrees from side to side

/** "03" for 30 degrees, and letters for the quarters. */
export function roseLabel(degrees: number): string {
  const whole = ((degrees % 360) + 360) % 360;
  return { 0: 'N', 90: 'E', 180: 'S', 270: 'W' }[whole] ?? String(whole / 10).padStart(2, '0');
}

export function courseText(angle: number): string {
  const whole = Math.round((((angle / DEGREE) % 360) + 360) % 360) % 360;
  return String(whole).padStart(3, '0');
}

export function drawHeading(context: Context, box: Box, reading: Reading): boolean {
  const heading = reading.number('heading');
  if (heading === undefined) return false;
  const { colors } = reading;
  const middle = box.x + box.width / 2;
  const perDegree = box.width / SHOWN;
  const every = perDegree < 2.6 ? 20 : 10; // labels do not touch
  const x = (angle: number) => middle + (turn(heading, angle) / DEGREE) * perDegree;
  fill(context, colors.tape, box);
  within(context, box, () => {
    const now = heading / DEGREE;
    for (let n = Math.ceil((now - SHOWN / 2) / 5); n <= (now + SHOWN / 2) / 5; n++) {
      const at = middle + (n * 5 - now) * perDegree;
      line(context, colors['ink-soft'], 1.5, at, box.y, at, box.y + (n % 2 === 0 ? 8 : 5));
      if ((n * 5) % every === 0)
        write(context, roseLabel(n * 5), at, box.y + 17, colors.ink, 14, { face: 'mono' });
    }
    const target = reading.number('target_course');
    if (target !== undefined) {
      const at = Math.max(box.x + 8, Math.min(box.x + box.width - 8, x(target)));
      shape(context, colors.leading, at - 9, box.y, at + 9, box.y, at + 9, box.y + 7, at + 4,
        box.y + 7, at, box.y + 3, at - 4, box.y + 7, at - 9, box.y + 7); // prettier-ignore
    }
    const course = reading.number('course');
    if (course !== undefined) {
      const at = x(course);
      line(context, colors.good, 2, at, box.y + 1, at + 5, box.y + 7, at, box.y + 13, at - 5,
        box.y + 7, at, box.y + 1); // prettier-ignore
    }
  });
  const window = { x: middle - 27, y: box.y + box.height - 27, width: 54, height: 26 };
  fill(context, colors.ground, window);
  context.strokeStyle = colors.ink;
  context.lineWidth = 1.5;
  context.strokeRect(window.x, window.y, window.width, window.height);
  write(context, courseText(heading), middle, window.y + 14, colors.ink, 19, { face: 'mono' });
  write(context, reading.word('true'), middle + 34, window.y + 15, colors['ink-soft'], 12, {
    align: 'left',
  });
  return true;
}
