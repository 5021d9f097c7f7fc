// Horizon, pitch ladder, bank scale, the aircraft, where it is going, and where it is asked to.

import { turn } from '../map/geo';
import { line, shape, within, write, type Box, type Context, type Reading } from './pen';

const DEGREE = Math.PI / 180;
const SHOWN = 44 * DEGREE; // pitch from top to bottom
const BANK_MARKS = [10, 20, 30, 45, 60];
const FLIES_FROM = 5; // m/s: below it no flight path

/** The flight path in body-levelled angles: right of the nose and above the horizon, rad. */
export function flightPath(reading: Pick<Reading, 'number'>): { right: number; up: number } | undefined {
  const [speed, climb] = [reading.number('ground_speed'), reading.number('climb_rate')];
  const [course, heading] = [reading.number('course'), reading.number('heading')];
  if (speed === undefined || climb === undefined || speed < FLIES_FROM) return undefined;
  const right = course === undefined || heading === undefined ? 0 : turn(heading, course);
  return { right, up: Math.atan2(climb, speed) };
}

export function drawAttitude(context: Context, box: Box, reading: Reading): boolean {
  const [roll, pitch] = [reading.number('roll'), reading.number('pitch')];
  if (roll === undefined || pitch === undefined) return false;
  const { colors } = reading;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const scale = box.height / SHOWN;
  const reach = Math.hypot(box.width, box.height);
  within(context, box, () => {
    context.translate(x, y);
    context.rotate(-roll);
    context.save();
    context.translate(0, pitch * scale);
    context.fillStyle = colors.sky;
    context.fillRect(-reach, -4 * reach, 2 * reach, 4 * reach);
    context.fillStyle = colors.earth;
    context.fillRect(-reach, 0, 2 * reach, 4 * reach);
    line(context, colors.horizon, 2, -reach, 0, reach, 0);
    ladder(context, pitch, scale, box, colors.horizon);
    const path = flightPath(reading);
    if (path) vector(context, path.right * scale, -path.up * scale, colors.good);
    context.restore();
    bankPointer(context, box, roll, reading);
    context.rotate(roll);
    bankScale(context, box, reading);
    director(context, reading, roll, pitch, scale);
    aircraft(context, box, reading);
  });
  return true;
}

function ladder(context: Context, pitch: number, scale: number, box: Box, color: string): void {
  const [low, high] = [pitch - SHOWN * 0.36, pitch + SHOWN * 0.3];
  for (let half = Math.ceil(low / (2.5 * DEGREE)); half * 2.5 * DEGREE <= high; half++) {
    if (half === 0) continue;
    const [degrees, y] = [half * 2.5, -half * 2.5 * DEGREE * scale];
    const wide = box.width * (degrees % 10 === 0 ? 0.17 : degrees % 5 === 0 ? 0.09 : 0.045);
    line(context, color, 1.5, -wide, y, wide, y);
    if (degrees % 10 !== 0) continue;
    const text = String(Math.abs(degrees));
    write(context, text, -wide - 5, y, color, 13, { align: 'right', face: 'mono' });
    write(context, text, wide + 5, y, color, 13, { align: 'left', face: 'mono' });
  }
}

function vector(context: Context, x: number, y: number, color: string): void {
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x, y, 6, 0, 7);
  context.stroke();
  line(context, color, 2.5, x - 15, y, x - 6, y);
  line(context, color, 2.5, x + 6, y, x + 15, y);
  line(context, color, 2.5, x, y - 6, x, y - 12);
}

const radiusOf = (box: Box) => Math.max(Math.min(box.width, box.height) / 2 - 8, 0);

function bankScale(context: Context, box: Box, reading: Reading): void {
  const [radius, { horizon, 'caution-fill': amber }] = [radiusOf(box), reading.colors];
  for (const mark of BANK_MARKS)
    for (const side of [-1, 1]) {
      const angle = side * mark * DEGREE;
      const [sine, cosine] = [Math.sin(angle), -Math.cos(angle)];
      const long = mark === 30 || mark === 60 ? 11 : 7;
      line(context, horizon, 2, sine * radius, cosine * radius,
        sine * (radius - long), cosine * (radius - long)); // prettier-ignore
    }
  shape(context, horizon, 0, -radius + 8, -7, -radius - 3, 7, -radius - 3);
  const limit = reading.number('limit_bank');
  if (limit === undefined) return;
  context.strokeStyle = amber;
  context.lineWidth = 3;
  for (const side of [-1, 1]) {
    context.beginPath();
    const start = -Math.PI / 2 + side * limit;
    context.arc(0, 0, radius, Math.min(start, start + side * 0.3), Math.max(start, start + side * 0.3));
    context.stroke();
  }
}

/** Turns with the horizon; amber beyond the bank that the vehicle may be commanded to. */
function bankPointer(context: Context, box: Box, roll: number, reading: Reading): void {
  const radius = radiusOf(box);
  const beyond = Math.abs(roll) > (reading.number('limit_bank') ?? Infinity) + 2 * DEGREE;
  const color = beyond ? reading.colors['caution-fill'] : reading.colors.horizon;
  shape(context, color, 0, -radius + 11, -8, -radius + 24, 8, -radius + 24);
}

/** Where the autopilot wants the wings and the nose. */
function director(
  context: Context,
  reading: Reading,
  roll: number,
  pitch: number,
  scale: number,
): void {
  const [wantedRoll, wantedPitch] = [reading.number('target_roll'), reading.number('target_pitch')];
  if (wantedRoll === undefined || wantedPitch === undefined) return;
  context.save();
  context.translate(0, (pitch - wantedPitch) * scale);
  context.rotate(turn(roll, wantedRoll));
  const { leading } = reading.colors;
  line(context, leading, 3, -58, 13, 0, -3, 58, 13);
  context.restore();
}

function aircraft(context: Context, box: Box, reading: Reading): void {
  const wing = box.width * 0.3;
  const draw = (color: string, width: number) => {
    line(context, color, width, -wing, 0, -wing * 0.5, 0, -wing * 0.5, 9);
    line(context, color, width, wing, 0, wing * 0.5, 0, wing * 0.5, 9);
    line(context, color, width, -3, 0, 3, 0);
  };
  draw('#000', 7);
  draw(reading.colors['caution-fill'], 4);
}
