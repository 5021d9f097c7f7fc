// All that is drawn over the chart of the fly view: aircraft on their sprites, and on the chart's
// canvas what hardly moves, drawn anew only when the chart or one of its marks moved a pixel, a plan
// changed, or a second went by.

import type { Map as Chart } from 'maplibre-gl';
import type { UnitSystem } from '../../lib/units';
import type { Vehicle } from '../../lib/vehicles.svelte';
import type { Spot } from '../../map/geo';
import { palette, vehicleColor } from '../../map/palette';
import { viewOf, type View } from '../../map/view';
import { follow } from '../trails';
import { cross, drawReach, drawRings, drawTarget, spotOf, type Words } from './live';
import { drawLost } from './lost';
import { drawFence, drawHome, drawMission, drawRally, drawTrail } from './still';

export interface Shown {
  trails: boolean;
  plan: boolean;
  rings: boolean;
  reach: boolean;
  labels: boolean;
}

export interface Scene {
  vehicles: Vehicle[];
  selected: Vehicle | undefined;
  shown: Shown;
  units: UnitSystem;
  /** Where the crew is about to send it, and the circle there, m. */
  picked: (Spot & { radius?: number }) | undefined;
  words: Words;
}

const ANEW_MS = 1000;
const LEAST_MS = 90;
const REACHES = ['return_radius', 'glide_distance', 'orbit_radius', 'position_accuracy'];

export class FlyChart {
  private view: View | undefined;
  private key = '';
  private moving = '';
  private drawn = -Infinity;

  /** Take where everybody is; true where the canvas is to be drawn anew. */
  stale(context: CanvasRenderingContext2D, chart: Chart, scene: Scene): boolean {
    for (const vehicle of scene.vehicles) follow(vehicle);
    const view = viewOf(chart, context);
    this.view = view;
    const now = performance.now();
    const key = stillKey(view, scene);
    const moving = movingKey(view, scene.selected);
    const age = now - this.drawn;
    if (key === this.key && age < ANEW_MS && (moving === this.moving || age < LEAST_MS)) return false;
    [this.key, this.moving, this.drawn] = [key, moving, now];
    return true;
  }

  draw(context: CanvasRenderingContext2D, scene: Scene): void {
    const { view } = this;
    if (!view) return;
    const { selected, vehicles, shown, units } = scene;
    const colors = palette();
    if (selected && shown.plan) {
      drawFence(context, view, selected, colors);
      drawMission(context, view, selected, colors);
      drawRally(context, view, selected, colors);
    }
    if (shown.trails)
      for (const vehicle of vehicles)
        drawTrail(context, view, vehicle, vehicleColor(vehicle.info.id, colors));
    for (const vehicle of vehicles) drawHome(context, view, vehicle, colors);
    if (selected && shown.rings) drawRings(context, view, selected, colors, units);
    if (selected && shown.reach) drawReach(context, view, selected, colors, scene.words);
    if (selected) drawTarget(context, view, selected, colors);
    for (const vehicle of vehicles) drawLost(context, view, vehicle, colors, units);
    if (scene.picked) drawPicked(context, view, scene.picked, colors.selected);
  }
}

/** Whatever of it changes, the chart's canvas is drawn at once. */
function stillKey(view: View, { selected, vehicles, shown, units, picked }: Scene): string {
  return [
    view.key, palette().ink, units, selected?.info.id, selected?.number('mission_sequence'),
    ...Object.values(selected?.plans ?? {}).map((plan) => plan?.digest), vehicles.length,
    ...Object.values(shown), picked?.latitude, picked?.longitude, picked?.radius,
  ].join(); // prettier-ignore
}

/** Where the marks of the selected aircraft are, in whole pixels. */
function movingKey(view: View, vehicle: Vehicle | undefined): string {
  if (!vehicle) return '';
  const places = [
    spotOf(vehicle),
    spotOf(vehicle, 'target_latitude_deg', 'target_longitude_deg'),
    spotOf(vehicle, 'orbit_latitude_deg', 'orbit_longitude_deg'),
  ].map((spot) => (spot ? view.at(spot).map(Math.round) : ''));
  return [...places, ...REACHES.map((name) => Math.round(view.pixels(vehicle.number(name) ?? 0)))].join();
}

function drawPicked(
  context: CanvasRenderingContext2D,
  view: View,
  picked: Spot & { radius?: number },
  color: string,
): void {
  const [x, y] = view.at(picked);
  cross(context, x, y, color);
  if (!picked.radius) return;
  context.beginPath();
  context.arc(x, y, view.pixels(Math.abs(picked.radius), picked.latitude), 0, 7);
  context.stroke();
}
