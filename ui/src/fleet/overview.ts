// All aircraft on one small chart.

import type { Map as Chart } from 'maplibre-gl';
import { settings } from '../lib/settings.svelte';
import { withUnit } from '../lib/units';
import { fleet, type Vehicle } from '../lib/vehicles.svelte';
import { color } from '../map/chart';
import { sans } from '../map/palette';
import { worst } from './alerts';

const REACH_PX = 24;
const LINE_PX = 16;
const LONGEST = 18;

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
  const places = placed(chart, vehicles);
  places.forEach((one) => symbol(context, one));
  context.font = `13px ${sans()}`;
  const taken: { left: number; right: number; y: number }[] = [];
  for (const one of places) {
    const altitude = one.vehicle.number('altitude_msl');
    const text = `${short(one.vehicle.info.name)}${
      altitude === undefined ? '' : `  ${withUnit(altitude, 'altitude', settings.chosen.units)}`
    }`;
    const left = one.x + 14;
    const right = left + context.measureText(text).width;
    // Names of aircraft that stand close together go below each other.
    let y = one.y + 4;
    while (taken.some((box) => box.left < right && left < box.right && Math.abs(box.y - y) < LINE_PX)) {
      y += LINE_PX;
    }
    taken.push({ left, right, y });
    // On a plate: a trail behind it would strike the text through.
    context.fillStyle = color('panel');
    context.globalAlpha = 0.85;
    context.fillRect(left - 3, y - 12, right - left + 6, 16);
    context.globalAlpha = 1;
    context.fillStyle = toneOf(one.vehicle);
    context.fillText(text, left, y);
  }
}
