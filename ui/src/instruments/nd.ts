// The navigation display: heading up, the route ahead, the wind, and how far off the path.

import type { PlanAboard } from '../lib/types';
import { duration, fromUnit, unitOf, withUnit } from '../lib/units';
import { away, course, distance, turn, type Spot } from '../map/geo';
import { stops } from '../map/mission';
import { courseText, roseLabel } from './heading';
import { whyOld } from './old';
import { crossOut, fill, line, shape, within, write, type Context, type Reading } from './pen';

const DEGREE = Math.PI / 180;
const RANGES = [1, 2, 5, 10, 20, 40, 80, 160, 320];
const STANDARD = 3; // index of the range where nothing says how far it goes

interface Frame {
  x: number;
  y: number;
  radius: number;
  heading: number;
  range: number; // m at the rose
}

function spot(reading: Reading, latitude: string, longitude: string): Spot | undefined {
  const [lat, lon] = [reading.number(latitude), reading.number(longitude)];
  return lat === undefined || lon === undefined ? undefined : { latitude: lat, longitude: lon };
}

/** The least range, in the crew's unit, that shows what is `metres` away. */
export function rangeFor(metres: number | undefined, units: Reading['units']): number {
  const index = metres === undefined ? STANDARD
    : RANGES.findIndex((range) => fromUnit(range, 'distance', units) * 0.92 >= metres); // prettier-ignore
  return RANGES[index < 0 ? RANGES.length - 1 : Math.max(index, 1)]!;
}

export function drawNd(
  context: Context,
  width: number,
  height: number,
  reading: Reading,
  plan: PlanAboard | undefined,
): void {
  const { colors } = reading;
  fill(context, colors.panel, { x: 0, y: 0, width, height });
  const heading = reading.number('heading');
  const here = spot(reading, 'latitude_deg', 'longitude_deg');
  if (heading === undefined || here === undefined) {
    crossOut(context, { x: 0, y: 0, width, height }, reading, reading.word('not_reported'));
    return;
  }
  const target = spot(reading, 'target_latitude_deg', 'target_longitude_deg');
  const to = target ? distance(here, target) : reading.number('target_distance');
  const shown = rangeFor(to, reading.units);
  const range = fromUnit(shown, 'distance', reading.units);
  const radius = Math.max(Math.min(width / 2 - 16, height / 2 - 44), 0);
  const frame = { x: width / 2, y: height / 2 + 6, radius, heading, range };
  rings(context, frame, reading, shown);
  route(context, frame, reading, here, plan);
  if (target) goal(context, frame, reading, here, target);
  rose(context, frame, reading);
  needles(context, frame, reading);
  symbol(context, frame, colors.ink);
  corners(context, width, height, reading, here, target, to);
  const why = whyOld(reading);
  if (why !== undefined) crossOut(context, { x: 0, y: 0, width, height }, reading, reading.word(why));
}

function place(frame: Frame, here: Spot, there: Spot): [number, number] {
  const [north, east] = away(here, there);
  const scale = frame.radius / frame.range;
  const [sine, cosine] = [Math.sin(frame.heading), Math.cos(frame.heading)];
  return [
    frame.x + (east * cosine - north * sine) * scale,
    frame.y - (north * cosine + east * sine) * scale,
  ];
}

function rings(context: Context, frame: Frame, reading: Reading, shown: number): void {
  const { colors, units } = reading;
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  context.beginPath();
  context.arc(frame.x, frame.y, frame.radius / 2, 0, 7);
  context.stroke();
  const text = `${shown / 2} ${unitOf('distance', units).symbol}`;
  write(context, text, frame.x, frame.y + frame.radius / 2 - 9, colors['ink-soft'], 12);
}

function route(
  context: Context,
  frame: Frame,
  reading: Reading,
  here: Spot,
  plan: PlanAboard | undefined,
): void {
  const way = stops(plan, String(reading.value('autopilot') ?? ''));
  if (way.length === 0) return;
  const { colors } = reading;
  const current = reading.number('mission_sequence');
  within(context, circleBox(frame), () => {
    context.beginPath();
    context.arc(frame.x, frame.y, frame.radius, 0, 7);
    context.clip();
    const at = way.map((stop) => place(frame, here, stop));
    line(context, colors['ink-soft'], 1.5, ...at.flat());
    way.forEach((stop, index) => {
      const [x, y] = at[index]!;
      const active = stop.sequence === current;
      const color = active ? colors.leading : colors.ink;
      if (stop.kind === 'circle') {
        context.strokeStyle = color;
        context.lineWidth = 1.5;
        context.beginPath();
        context.arc(x, y, (Math.abs(stop.radius) / frame.range) * frame.radius, 0, 7);
        context.stroke();
      }
      if (Math.hypot(x + 9 - frame.x, y - frame.y) > frame.radius - 6) return;
      shape(context, color, x, y - 5, x + 5, y, x, y + 5, x - 5, y);
      const number = String(stop.number);
      if (insideRose(x - frame.x, y - frame.y, number.length, frame.radius))
        write(context, number, x + 9, y, color, 12, { align: 'left', face: 'mono' });
    });
  });
}

const ROSE = 30; // px, its figures and ticks within the circle

/** Whether the number beside a mark, px from the middle, is clear of the rose's figures. */
export function insideRose(dx: number, dy: number, digits: number, radius: number): boolean {
  const across = Math.max(Math.abs(dx + 9), Math.abs(dx + 9 + 8 * digits));
  return Math.hypot(across, Math.abs(dy) + 7) <= radius - ROSE;
}

const circleBox = ({ x, y, radius }: Frame) => ({
  x: x - radius,
  y: y - radius,
  width: 2 * radius,
  height: 2 * radius,
});

function goal(context: Context, frame: Frame, reading: Reading, here: Spot, target: Spot): void {
  const { leading } = reading.colors;
  const [x, y] = place(frame, here, target);
  if (Math.hypot(x - frame.x, y - frame.y) > frame.radius) return;
  context.setLineDash([6, 5]);
  line(context, leading, 1.5, frame.x, frame.y, x, y);
  context.setLineDash([]);
  context.strokeStyle = leading;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x, y, 8, 0, 7);
  context.stroke();
}

function rose(context: Context, frame: Frame, reading: Reading): void {
  const { colors } = reading;
  const { x, y, radius, heading } = frame;
  context.strokeStyle = colors.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  for (let degrees = 0; degrees < 360; degrees += 10) {
    const angle = degrees * DEGREE - heading;
    const inner = radius - (degrees % 30 === 0 ? 10 : 5);
    context.moveTo(x + Math.sin(angle) * radius, y - Math.cos(angle) * radius);
    context.lineTo(x + Math.sin(angle) * inner, y - Math.cos(angle) * inner);
  }
  context.stroke();
  for (let degrees = 0; degrees < 360; degrees += 30) {
    const angle = degrees * DEGREE - heading;
    write(context, roseLabel(degrees), x + Math.sin(angle) * (radius - 20),
      y - Math.cos(angle) * (radius - 20), colors.ink, 13, { face: 'mono' }); // prettier-ignore
  }
  shape(context, colors.ink, x, y - radius + 1, x - 7, y - radius - 10, x + 7, y - radius - 10);
}

/** Track (green diamond and line), course led to (magenta notch), home (a small house's roof). */
function needles(context: Context, frame: Frame, reading: Reading): void {
  const { colors } = reading;
  const on = (angle: number, r: number): [number, number] => [
    frame.x + Math.sin(angle - frame.heading) * r,
    frame.y - Math.cos(angle - frame.heading) * r,
  ];
  const track = reading.number('course');
  if (track !== undefined) {
    context.setLineDash([2, 6]);
    line(context, colors.good, 1.5, frame.x, frame.y, ...on(track, frame.radius));
    context.setLineDash([]);
    shape(context, colors.good, ...on(track, frame.radius - 1), ...on(track + 0.035, frame.radius - 9),
      ...on(track, frame.radius - 17), ...on(track - 0.035, frame.radius - 9)); // prettier-ignore
  }
  const led = reading.number('target_course');
  if (led !== undefined)
    shape(context, colors.leading, ...on(led, frame.radius), ...on(led - 0.05, frame.radius + 11),
      ...on(led + 0.05, frame.radius + 11)); // prettier-ignore
}

function symbol(context: Context, { x, y }: Frame, color: string): void {
  line(context, color, 3, x, y - 11, x, y + 12);
  line(context, color, 3, x - 14, y, x + 14, y);
  line(context, color, 3, x - 6, y + 12, x + 6, y + 12);
}

function corners(
  context: Context,
  width: number,
  height: number,
  reading: Reading,
  here: Spot,
  target: Spot | undefined,
  to: number | undefined,
): void {
  const { colors, units, word } = reading;
  const box = { x: width / 2 - 28, y: 3, width: 56, height: 22 };
  context.strokeStyle = colors.ink;
  context.strokeRect(box.x, box.y, box.width, box.height);
  write(context, courseText(reading.number('heading')!), width / 2, 15, colors.ink, 16, { face: 'mono' });
  wind(context, reading, width / 2 - 40);
  const most = width / 2 - 40;
  const right = { align: 'right' as const, most };
  const half = dots(width);
  const below = width / 2 - half * 1.2 - 14;
  const speed = reading.number('ground_speed');
  if (to === undefined) {
    write(context, word('no_target'), width - 8, 13, colors['ink-soft'], 13, right);
  } else {
    const bearing = target ? `${courseText(course(here, target))}° ` : '';
    const text = bearing + withUnit(to, 'distance', units);
    write(context, text, width - 8, 13, colors.leading, 15, right);
    if (speed !== undefined && speed > 1)
      write(context, duration(to / speed), width - 8, 32, colors.leading, 14, right);
  }
  const off = reading.number('cross_track');
  const side = off === undefined ? '' : word(off >= 0 ? 'right' : 'left');
  const text = off === undefined ? `${word('xtk')} –` : `${word('xtk')} ${withUnit(Math.abs(off), 'length', units)} ${side}`;
  write(context, text, width - 8, height - 13, off === undefined ? colors['ink-soft'] : colors.ink, 14, { align: 'right', most: below });
  const gs = speed === undefined ? '–' : withUnit(speed, 'ground_speed', units);
  write(context, `${word('gs')} ${gs}`, 8, height - 13, colors.ink, 14, { align: 'left', most: below });
  if (off !== undefined) deviation(context, width, height, reading, off);
}

const FULL_SCALE = 500; // m of cross track at the outer dot
const dots = (width: number) => Math.min(60, width * 0.12);

/** The bar stands where the path is: to the left of an aircraft that is right of it. */
function deviation(context: Context, width: number, height: number, reading: Reading, off: number): void {
  const { colors } = reading;
  const [x, y, half] = [width / 2, height - 13, dots(width)];
  for (const dot of [-1, -0.5, 0.5, 1]) {
    context.strokeStyle = colors['ink-soft'];
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x + dot * half, y, 3, 0, 7);
    context.stroke();
  }
  line(context, colors.ink, 2, x, y - 8, x, y + 8);
  const at = x - Math.max(-1.1, Math.min(1.1, off / FULL_SCALE)) * half;
  line(context, colors.leading, 4, at, y - 8, at, y + 8);
}

function wind(context: Context, reading: Reading, most: number): void {
  const { colors, units } = reading;
  const [speed, from] = [reading.number('wind_speed'), reading.number('wind_from')];
  if (speed === undefined || from === undefined) {
    write(context, `${reading.word('wind')} –`, 8, 13, colors['ink-soft'], 13, { align: 'left' });
    return;
  }
  const text = `${courseText(from)}°/${withUnit(speed, 'wind_speed', units)}`;
  write(context, text, 8, 13, colors.ink, 15, { align: 'left', most });
  const angle = turn(0, from + Math.PI - reading.number('heading')!);
  context.save();
  context.translate(22, 38);
  context.rotate(angle);
  line(context, colors.ink, 2, 0, 13, 0, -10);
  shape(context, colors.ink, 0, -14, -5, -5, 5, -5);
  context.restore();
}
