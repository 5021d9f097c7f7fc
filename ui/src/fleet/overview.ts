// All aircraft on one small chart.

import type { Map as Chart } from 'maplibre-gl';
import { settings } from '../lib/settings.svelte';
import { withUnit } from '../lib/units';
import { fleet, type Vehicle } from '../lib/vehicles.svelte';
import { color } from '../map/chart';
import { sans } from '../map/palette';
import { offset, slots } from '../fly/chart/placing';
import { worst } from './alerts';

const REACH_PX = 24;
const LINE_PX = 16;
const LONGEST = 18;
// Where each name was, that it may stay there.
const slotOf = new WeakMap<Vehicle, number>();

const short = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

interface Placed {
  vehicle: Vehicle;
  x: number;
  y: number;
}

function placed(chart: Chart, vehicles: Vehicle[]): Placed[] {
  return vehicles.flatMap((vehicle) => {
    const [lat, lng] = [vehicle.number('latitude_deg'), vehicle.number('longitude_deg')];
    return lat === undefined || lng === undefined ? [] : [{ vehicle, ...chart.project([lng, lat]) }];
  });
}

/** The aircraft that a click at a place of the chart means. */
export function nearest(chart: Chart, vehicles: Vehicle[], x: number, y: number): Vehicle | undefined {
  const far = ({ x: a, y: b }: Placed) => Math.hypot(a - x, b - y);
  const best = placed(chart, vehicles).sort((a, b) => far(a) - far(b))[0];
  return best && far(best) <= REACH_PX ? best.vehicle : undefined;
}

/** South-west and north-east corner around all of them; undefined where none has a place. */
export function around(vehicles: Vehicle[]): [[number, number], [number, number]] | undefined {
  const found = vehicles.flatMap((vehicle) => {
    const [lat, lng] = [vehicle.number('latitude_deg'), vehicle.number('longitude_deg')];
    return lat === undefined || lng === undefined ? [] : [[lng, lat] as const];
  });
  if (found.length === 0) return undefined;
  const [x, y] = [found.map(([lng]) => lng), found.map(([, lat]) => lat)];
  return [
    [Math.min(...x), Math.min(...y)],
    [Math.max(...x), Math.max(...y)],
  ];
}

function toneOf(vehicle: Vehicle): string {
  const alert = worst(vehicle.alerts);
  if (alert?.severity === 'warning') return color('warning');
  return color(fleet.selected === vehicle ? 'selected' : 'ink');
}

function symbol(context: CanvasRenderingContext2D, { vehicle, x, y }: Placed): void {
  context.save();
  context.translate(x, y);
  context.rotate(vehicle.number('heading') ?? 0);
  context.beginPath();
  context.moveTo(0, -10);
  context.lineTo(6, 8);
  context.lineTo(0, 4);
  context.lineTo(-6, 8);
  context.closePath();
  context.fillStyle = toneOf(vehicle);
  context.strokeStyle = color('panel');
  context.lineWidth = 2;
  context.stroke();
  context.fill();
  context.restore();
}

function trail(context: CanvasRenderingContext2D, chart: Chart, vehicle: Vehicle): void {
  const { latitude, longitude } = vehicle.trail;
  context.beginPath();
  longitude.forEach((lng, index) => {
    const { x, y } = chart.project([lng, latitude[index] ?? 0]);
    context.lineTo(x, y);
  });
  context.strokeStyle = toneOf(vehicle);
  context.globalAlpha = 0.35;
  context.lineWidth = 1.5;
  context.stroke();
  context.globalAlpha = 1;
}

export function drawAll(context: CanvasRenderingContext2D, chart: Chart, vehicles: Vehicle[]): void {
  for (const vehicle of vehicles) trail(context, chart, vehicle);
  // The selected one has its name where it belongs; the others give way.
  const places = placed(chart, vehicles).sort(
    (one, other) => Number(other.vehicle === fleet.selected) - Number(one.vehicle === fleet.selected),
  );
  places.forEach((one) => symbol(context, one));
  context.font = `13px ${sans()}`;
  const tags = places.map((one) => {
    const altitude = one.vehicle.number('altitude_msl');
    const text = `${short(one.vehicle.info.name)}${
      altitude === undefined ? '' : `  ${withUnit(altitude, 'altitude', settings.chosen.units)}`
    }`;
    const slot = slotOf.get(one.vehicle) ?? -1;
    return { x: one.x, y: one.y, text, width: context.measureText(text).width + 6, height: LINE_PX, slot };
  });
  const { clientWidth: width, clientHeight: height } = chart.getContainer();
  slots(tags, { width, height }).forEach((slot, index) => {
    const [tag, { vehicle }] = [tags[index]!, places[index]!];
    slotOf.set(vehicle, slot);
    if (slot < 0) return;
    const [dx, dy] = offset(slot, tag);
    const [left, top] = [tag.x + dx, tag.y + dy];
    // On a plate: a trail behind it would strike the text through.
    context.fillStyle = color('panel');
    context.globalAlpha = 0.85;
    context.fillRect(left, top, tag.width, LINE_PX);
    context.globalAlpha = 1;
    context.fillStyle = toneOf(vehicle);
    context.fillText(tag.text, left + 3, top + 12);
  });
}
