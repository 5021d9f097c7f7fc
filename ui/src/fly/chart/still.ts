// What stands still on the chart for a while: trails, plans, fences, rally points, homes.

import type { Vehicle } from '../../lib/vehicles.svelte';
import type { Spot } from '../../map/geo';
import { fences, rallyPoints, stops, type Stop } from '../../map/mission';
import { vehicleColor, type Palette } from '../../map/palette';
import { mercator, type View } from '../../map/view';
import { font, line, shape } from '../../instruments/pen';
import { spotOf } from './live';

type Context = CanvasRenderingContext2D;
const NEAR = 2; // px: points of a trail closer than this are one
const OLD = 1800; // s: what is older is drawn fainter

export function drawTrail(context: Context, view: View, vehicle: Vehicle, color: string): void {
  const { latitude, longitude, time } = vehicle.trail;
  const now = time.at(-1) ?? 0;
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  let [old, started, lastX, lastY] = [true, false, NaN, NaN];
  context.globalAlpha = 0.4;
  context.beginPath();
  for (let i = 0; i < time.length; i++) {
    const x = view.x(longitude[i]!);
    const y = view.fromMercator(mercator(latitude[i]!));
    const turned = old && now - time[i]! <= OLD;
    if (started && !turned && i < time.length - 1 && Math.hypot(x - lastX, y - lastY) < NEAR) continue;
    if (!started) context.moveTo(x, y);
    else context.lineTo(x, y);
    if (turned) {
      context.stroke();
      context.globalAlpha = 0.9;
      context.beginPath();
      context.moveTo(x, y);
      old = false;
    }
    [started, lastX, lastY] = [true, x, y];
  }
  const here = spotOf(vehicle);
  if (here && started) context.lineTo(...view.at(here));
  context.stroke();
  context.globalAlpha = 1;
}

export function drawMission(context: Context, view: View, vehicle: Vehicle, colors: Palette): void {
  const way = stops(vehicle.plans.mission, vehicle.info.autopilot);
  if (way.length === 0) return;
  const current = vehicle.number('mission_sequence');
  const at = way.map((stop) => view.at(stop));
  context.setLineDash([7, 5]);
  line(context, colors.ink, 1.5, ...at.flat());
  context.setLineDash([]);
  const active = way.findIndex((stop) => stop.sequence === current);
  if (active > 0) line(context, colors.leading, 2.5, ...at[active - 1]!, ...at[active]!);
  way.forEach((stop, index) => drawStop(context, view, stop, at[index]!, index === active, colors));
}

function drawStop(
  context: Context,
  view: View,
  stop: Stop,
  [x, y]: [number, number],
  active: boolean,
  colors: Palette,
): void {
  if (!view.sees(x, y, 400)) return;
  const color = active ? colors.leading : colors.ink;
  if (stop.radius !== 0) {
    context.strokeStyle = color;
    context.lineWidth = active ? 2.5 : 1.5;
    context.beginPath();
    context.arc(x, y, view.pixels(Math.abs(stop.radius), stop.latitude), 0, 7);
    context.stroke();
  }
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, 10, 0, 7);
  context.fill();
  context.font = font(12, 'mono', true);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colors.land;
  context.fillText(String(stop.number), x, y + 1);
}

function outline(context: Context, view: View, spots: Spot[]): void {
  context.beginPath();
  spots.forEach((spot, index) => {
    const [x, y] = view.at(spot);
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
}

/** What may not be left is a line; what may not be entered is filled, too. */
export function drawFence(context: Context, view: View, vehicle: Vehicle, colors: Palette): void {
  context.lineWidth = 2;
  context.strokeStyle = colors.warning;
  context.fillStyle = colors.warning;
  for (const fence of fences(vehicle.plans.fence)) {
    if (fence.radius > 0) {
      const [x, y] = view.at(fence.corners[0]!);
      context.beginPath();
      context.arc(x, y, view.pixels(fence.radius, fence.corners[0]!.latitude), 0, 7);
    } else outline(context, view, fence.corners);
    context.setLineDash(fence.inside ? [12, 4, 3, 4] : []);
    context.globalAlpha = 0.8;
    context.stroke();
    if (fence.inside) continue;
    context.globalAlpha = 0.12;
    context.fill();
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

export function drawRally(context: Context, view: View, vehicle: Vehicle, colors: Palette): void {
  for (const point of rallyPoints(vehicle.plans.rally)) badge(context, view, point, 'R', colors.good, colors);
}

export function drawHome(context: Context, view: View, vehicle: Vehicle, colors: Palette): void {
  const latitude = vehicle.number('home_latitude_deg');
  const longitude = vehicle.number('home_longitude_deg');
  if (latitude === undefined || longitude === undefined) return;
  const color = vehicleColor(vehicle.info.id, colors);
  badge(context, view, { latitude, longitude }, 'H', color, colors);
}

function badge(
  context: Context,
  view: View,
  spot: Spot,
  letter: string,
  color: string,
  colors: Palette,
): void {
  const [x, y] = view.at(spot);
  shape(context, color, x, y - 13, x + 11, y - 3, x + 11, y + 10, x - 11, y + 10, x - 11, y - 3);
  context.font = font(13, 'sans', true);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colors.land;
  context.fillText(letter, x, y + 2);
}
