// What moves on the chart: aircraft and their labels, rings about the one that is flown, where it
// is led, the wind.

import { fromUnit, figure, unitOf, withUnit, type UnitSystem } from '../../lib/units';
import type { Vehicle } from '../../lib/vehicles.svelte';
import type { Spot } from '../../map/geo';
import { vehicleColor, type Palette } from '../../map/palette';
import type { View } from '../../map/view';
import { font, line, shape, write } from '../../instruments/pen';
import { drawCircle as circle } from './circle';
import { glideCircle, returnCircle } from './reach';

type Context = CanvasRenderingContext2D;
const RINGS = [1, 2, 5, 10, 20, 50, 100, 200];

export function spotOf(
  vehicle: Pick<Vehicle, 'number'>,
  latitude = 'latitude_deg',
  longitude = 'longitude_deg',
): Spot | undefined {
  const [lat, lon] = [vehicle.number(latitude), vehicle.number(longitude)];
  return lat === undefined || lon === undefined ? undefined : { latitude: lat, longitude: lon };
}

// An aircraft of long wings seen from above, nose up; mirrored.
const HALF = [0, -15, 2.2, -11, 2.2, -4, 19, -2, 19, 1.5, 2.2, 2, 2.2, 9, 7, 13, 7, 15.5, 0, 13.5];
const AIRCRAFT = [...HALF];
for (let i = HALF.length - 2; i >= 0; i -= 2) AIRCRAFT.push(-HALF[i]!, HALF[i + 1]!);

export function drawAircraft(
  context: Context,
  x: number,
  y: number,
  vehicle: Vehicle,
  selected: boolean,
  colors: Palette,
): void {
  const color = vehicleColor(vehicle.info.id, colors);
  context.save();
  context.translate(x, y);
  context.scale(selected ? 1.15 : 0.85, selected ? 1.15 : 0.85);
  const heading = vehicle.number('heading') ?? vehicle.number('course');
  if (heading === undefined) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(0, 0, 9, 0, 7);
    context.fill();
  } else {
    context.rotate(heading);
    context.lineJoin = 'round';
    line(context, selected ? colors.ink : colors.land, selected ? 4 : 3, ...AIRCRAFT);
    shape(context, color, ...AIRCRAFT);
  }
  context.restore();
}

export interface LabelText {
  at: number;
  units: UnitSystem;
  lines: string[];
  width: number;
}
const LABEL_MS = 250;
export const TALL = 38; // px, height of a label
const labels = new WeakMap<Vehicle, LabelText>();

/** Name, altitude with its datum, speed: made anew four times a second, no figure is read faster. */
export function labelOf(context: Context, vehicle: Vehicle, units: UnitSystem, now: number): LabelText {
  const known = labels.get(vehicle);
  if (known && known.units === units && now - known.at < LABEL_MS) return known;
  const altitude = vehicle.number('altitude_msl');
  const speed = vehicle.number('airspeed') ?? vehicle.number('ground_speed');
  const parts = [
    altitude === undefined ? '–' : `${withUnit(altitude, 'altitude', units)} MSL`,
    speed === undefined ? '–' : `${figure(speed, 'airspeed', units)}\u00a0${unitOf('airspeed', units).symbol}`,
  ];
  const lines = [vehicle.info.name, parts.join('  ')];
  const wide = lines.map((text, index) => {
    context.font = font(13, 'sans', index === 0); // the name is bold where it is the selected one's
    return context.measureText(text).width;
  });
  const width = Math.max(...wide) + 12;
  const label = { at: now, units, lines, width };
  labels.set(vehicle, label);
  return label;
}

/** From the upper left corner of its canvas. */
export function drawLabel(
  context: Context,
  vehicle: Vehicle,
  { lines, width }: LabelText,
  selected: boolean,
  colors: Palette,
): void {
  context.globalAlpha = 0.86;
  context.fillStyle = colors.panel;
  context.fillRect(0, 0, width, TALL);
  context.globalAlpha = 1;
  context.fillStyle = vehicleColor(vehicle.info.id, colors);
  context.fillRect(0, 0, 3, TALL);
  write(context, lines[0]!, 8, 11, colors.ink, 13, { align: 'left', bold: selected });
  write(context, lines[1]!, 8, 28, colors.ink, 13, { align: 'left' });
  alertMark(context, vehicle, width, colors);
}

function alertMark(context: Context, vehicle: Vehicle, x: number, colors: Palette): void {
  const worst = vehicle.alerts.find((alert) => alert.severity !== 'advisory')?.severity;
  if (!worst) return;
  context.fillStyle = worst === 'warning' ? colors.warning : colors['caution-fill'];
  context.fillRect(x, 0, 8, TALL);
}

export interface Words {
  glide: string;
  glideHome: string;
  return: string;
}

export function drawReach(
  context: Context,
  view: View,
  vehicle: Vehicle,
  colors: Palette,
  words: Words,
): void {
  const here = spotOf(vehicle);
  if (!here) return;
  const glide = glideCircle(vehicle, here);
  if (glide) circle(context, view, glide, colors.good, [10, 6], glide.toHome ? words.glideHome : words.glide);
  const back = returnCircle(vehicle, here);
  if (back) circle(context, view, back, colors.caution, [3, 5], words.return);
}

/** Three rings of round distance about the aircraft that fit what is seen. */
export function drawRings(
  context: Context,
  view: View,
  vehicle: Vehicle,
  colors: Palette,
  units: UnitSystem,
): void {
  const here = spotOf(vehicle);
  if (!here) return;
  const fits = Math.min(view.width, view.height) * 0.22 * view.metres;
  const step = RINGS.filter((n) => fromUnit(n, 'distance', units) <= fits).at(-1);
  if (step === undefined) return;
  const { symbol } = unitOf('distance', units);
  // South of it: reach is named in the north of its circles.
  for (const n of [1, 2, 3]) {
    const ring = { middle: here, radius: fromUnit(step * n, 'distance', units) };
    circle(context, view, ring, colors['ink-soft'], [1, 4], `${step * n} ${symbol}`, 'south');
  }
}

/** The place or circle that the vehicle says it is led to. */
export function drawTarget(context: Context, view: View, vehicle: Vehicle, colors: Palette): void {
  const [here, target] = [spotOf(vehicle), spotOf(vehicle, 'target_latitude_deg', 'target_longitude_deg')];
  if (here && target) {
    const [x, y] = view.at(target);
    context.setLineDash([6, 6]);
    line(context, colors.leading, 1.5, ...view.at(here), x, y);
    context.setLineDash([]);
    cross(context, x, y, colors.leading);
  }
  const orbit = spotOf(vehicle, 'orbit_latitude_deg', 'orbit_longitude_deg');
  const radius = vehicle.number('orbit_radius');
  if (orbit && radius)
    circle(context, view, { middle: orbit, radius: Math.abs(radius) }, colors.leading, [], '');
}

export function cross(context: Context, x: number, y: number, color: string): void {
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x, y, 9, 0, 7);
  context.stroke();
  line(context, color, 2.5, x - 14, y, x - 5, y);
  line(context, color, 2.5, x + 5, y, x + 14, y);
  line(context, color, 2.5, x, y - 14, x, y - 5);
  line(context, color, 2.5, x, y + 5, x, y + 14);
}
