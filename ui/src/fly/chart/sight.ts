// What is near the pointer, and whether the aircraft is about to leave the chart.

import type { Map as Chart } from 'maplibre-gl';
import type { Vehicle } from '../../lib/vehicles.svelte';
import type { Spot } from '../../map/geo';
import type { View } from '../../map/view';
import { spotOf } from './live';

const REACH = 26; // px
const MIDDLE = 0.28; // of the lesser side, about the middle

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

export function strayed(view: View, here: Spot): boolean {
  const [x, y] = view.at(here);
  const { width, height } = view;
  return Math.hypot(x - width / 2, y - height / 2) > MIDDLE * Math.min(width, height);
}
