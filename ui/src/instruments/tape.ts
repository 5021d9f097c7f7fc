// A vertical tape: figures that run past a window in the middle. All values in the crew's unit.

import { fill, line, shape, within, write, type Box, type Context, type Reading } from './pen';

export interface Band {
  from: number;
  to: number;
  color: string;
}

export interface Tape {
  value: number;
  target?: number | undefined;
  /** Where the value will be in some seconds. */
  trend?: number | undefined;
  bands: Band[];
  side: 'left' | 'right'; // where the scale's edge is
  least?: number; // below it there is no scale
  span: number; // values from bottom to top
  minor: number;
  major: number;
  digits: number;
  color: string; // of the figure in the window
}

const WINDOW = 34;
const BAND = 6;

/** Round steps so that a tape of `height` px has a labelled line every 55 px or so. */
export function steps(span: number, height: number): { minor: number; major: number } {
  const wanted = (span * 55) / height;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((n) => n * power >= wanted * 0.99) ?? 10;
  const major = factor * power;
  return { major, minor: factor === 2 ? major / 2 : major / 5 };
}

/** "10 250" of a label; a true minus. */
export function labelOf(value: number): string {
  const text = String(Math.abs(Math.round(value)));
  return (Math.round(value) < 0 ? '\u2212' : '') + text.replace(/\B(?=(\d{3})+$)/g, text.length > 4 ? '\u202f' : '');
}

export function drawTape(context: Context, box: Box, tape: Tape, reading: Reading): void {
  const { colors } = reading;
  const middle = box.y + box.height / 2;
  const perUnit = box.height / tape.span;
  const y = (value: number) => middle - (value - tape.value) * perUnit;
  const right = tape.side === 'right';
  const edge = right ? box.x + box.width : box.x;
  const inward = right ? -1 : 1;
  fill(context, colors.tape, box);
  within(context, box, () => {
    for (const band of tape.bands) {
      const top = Math.max(y(band.to), box.y);
      const bottom = Math.min(y(band.from), box.y + box.height);
      if (bottom <= top) continue;
      const x = right ? edge - BAND : edge;
      fill(context, band.color, { x, y: top, width: BAND, height: bottom - top });
    }
    ticks(context, box, tape, reading, y, edge + inward * (BAND + 2), inward);
    if (tape.trend !== undefined) {
      const x = edge + inward * (BAND + 5);
      line(context, colors.leading, 3, x, middle, x, y(tape.trend));
    }
    if (tape.target !== undefined) bug(context, box, y(tape.target), edge, inward, colors.leading);
  });
  window(context, box, tape, reading, edge, inward);
}

function ticks(
  context: Context,
  box: Box,
  tape: Tape,
  reading: Reading,
  y: (value: number) => number,
  start: number,
  inward: number,
): void {
  const lowest = Math.max(tape.value - tape.span / 2, tape.least ?? -Infinity);
  const first = Math.ceil(lowest / tape.minor);
  const last = Math.floor((tape.value + tape.span / 2) / tape.minor);
  const every = Math.round(tape.major / tape.minor);
  context.strokeStyle = reading.colors['ink-soft'];
  context.lineWidth = 1.5;
  context.beginPath();
  for (let n = first; n <= last; n++) {
    const at = Math.round(y(n * tape.minor)) + 0.5;
    context.moveTo(start, at);
    context.lineTo(start + inward * (n % every === 0 ? 10 : 5), at);
  }
  context.stroke();
  const align = inward < 0 ? 'right' : 'left';
  for (let n = first; n <= last; n++)
    if (n % every === 0)
      write(context, labelOf(n * tape.minor), start + inward * 14, y(n * tape.minor),
        reading.colors.ink, 14, { align, face: 'mono', most: box.width - 24 }); // prettier-ignore
}

/** The target's mark: an open notch on the scale's edge, held at the end where it is beyond. */
function bug(
  context: Context,
  box: Box,
  at: number,
  edge: number,
  inward: number,
  color: string,
): void {
  const y = Math.max(box.y + 8, Math.min(box.y + box.height - 8, at));
  shape(context, color,
    edge, y - 9, edge + inward * 12, y - 9, edge + inward * 12, y - 4, edge + inward * 6, y,
    edge + inward * 12, y + 4, edge + inward * 12, y + 9, edge, y + 9); // prettier-ignore
}

function window(
  context: Context,
  box: Box,
  tape: Tape,
  reading: Reading,
  edge: number,
  inward: number,
): void {
  const { colors } = reading;
  const middle = box.y + box.height / 2;
  const [half, near] = [WINDOW / 2, edge + inward * 8];
  const far = edge + inward * box.width;
  const outline = [
    near, middle, near + inward * 8, middle - 7, near + inward * 8, middle - half,
    far, middle - half, far, middle + half, near + inward * 8, middle + half,
    near + inward * 8, middle + 7,
  ]; // prettier-ignore
  shape(context, colors.ground, ...outline);
  line(context, colors.ink, 1.5, ...outline, near, middle);
  const text = tape.digits > 0 ? tape.value.toFixed(tape.digits).replace(/^-(0\.0+)$/, '$1') : labelOf(tape.value);
  const x = inward < 0 ? near - 13 : far - 5;
  // Five digits are written smaller, not narrower.
  const size = text.length > 5 ? 16 : text.length > 4 ? 18 : 20;
  write(context, text.replace('-', '\u2212'), x, middle + 1, tape.color, size, {
    align: 'right',
    face: 'mono',
    most: box.width - 22,
  });
}
