// What is near the pointer, and whether the aircraft is about to leave the chart.

import type { Map as Chart } from 'maplibre-gl';
import type { Vehicle } from '../../lib/vehicles.svelte';
import type { Spot } from '../../map/geo';
import type { View } from '../../map/view';
import { spotOf } from './live';

const REACH = 26; // px
const MIDDLE = 0.28; // of the lesser side of what is free, about its middle
const LEAST = 20; // px
export const FOOT = 54; // px, scale and buttons at the chart's lower edge

export function nearest(
  chart: Chart,
  vehicles: Vehicle[],
  point: { x: number; y: number },
): Vehicle | undefined {
  let [best, least] = [undefined as Vehicle | undefined, REACH];
  for (const vehicle of vehicles) {
    const here = spotOf(vehicle);
    if (!here) continue;
    const { x, y } = chart.project([here.longitude, here.latitude]);
    const away = Math.hypot(x - point.x, y - point.y);
    if (away < least) [best, least] = [vehicle, away];
  }
  return best;
}

/** Px that the aircraft is kept below the chart's middle, where so many px of its upper edge are
    covered: it stands in the middle of what is seen. */
export const lowered = (over: number): number => (over - FOOT) / 2;

export function strayed(view: View, here: Spot, over: number): boolean {
  const [x, y] = view.at(here);
  const { width, height } = view;
  const reach = Math.max(MIDDLE * Math.min(width, height - over - FOOT), LEAST);
  return Math.hypot(x - width / 2, y - height / 2 - lowered(over)) > reach;
}
