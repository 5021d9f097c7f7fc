// All that is drawn over the chart of the fly view. What stands still is drawn on a canvas of its
// own, anew only when the chart moved, a plan changed or a second went by.

import type { Map as Chart } from 'maplibre-gl';
import type { UnitSystem } from '../../lib/units';
import type { Vehicle } from '../../lib/vehicles.svelte';
import type { Spot } from '../../map/geo';
import { palette, vehicleColor } from '../../map/palette';
import { viewOf, type View } from '../../map/view';
import { follow } from '../trails';
import { cross, drawAircraft, drawLabel, drawReach, drawRings, drawTarget, type Words } from './live';
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

export class FlyChart {
  private canvas = document.createElement('canvas');
  private key = '';
  private drawn = 0;

  draw(context: CanvasRenderingContext2D, chart: Chart, scene: Scene): void {
    const now = performance.now();
    const view = viewOf(chart, context);
    for (const vehicle of scene.vehicles) follow(vehicle);
    this.still(context, view, scene, now);
    this.live(context, view, scene, now);
  }

  private still(context: CanvasRenderingContext2D, view: View, scene: Scene, now: number): void {
    const { selected, vehicles, shown } = scene;
    const colors = palette();
    const key = [
      view.key, colors.ink, selected?.info.id, selected?.number('mission_sequence'),
      ...Object.values(selected?.plans ?? {}).map((plan) => plan?.digest), vehicles.length,
      ...Object.values(shown),
    ].join(); // prettier-ignore
    if (key !== this.key || now - this.drawn > ANEW_MS) {
      [this.key, this.drawn] = [key, now];
      const { width, height } = context.canvas;
      if (this.canvas.width !== width || this.canvas.height !== height)
        [this.canvas.width, this.canvas.height] = [width, height];
      const still = this.canvas.getContext('2d')!;
      still.setTransform(1, 0, 0, 1, 0, 0);
      still.clearRect(0, 0, width, height);
      still.setTransform(context.getTransform());
      if (selected && shown.plan) {
        drawFence(still, view, selected, colors);
        drawMission(still, view, selected, colors);
        drawRally(still, view, selected, colors);
      }
      if (shown.trails)
        for (const vehicle of vehicles)
          drawTrail(still, view, vehicle, vehicleColor(vehicle.info.id, colors));
      for (const vehicle of vehicles) drawHome(still, view, vehicle, colors);
    }
    if (this.canvas.width > 0) context.drawImage(this.canvas, 0, 0, view.width, view.height);
  }

  private live(context: CanvasRenderingContext2D, view: View, scene: Scene, now: number): void {
    const { selected, vehicles, shown, units } = scene;
    const colors = palette();
    if (selected) {
      if (shown.rings) drawRings(context, view, selected, colors, units);
      if (shown.reach) drawReach(context, view, selected, colors, scene.words);
      drawTarget(context, view, selected, colors);
    }
    if (scene.picked) {
      const [x, y] = view.at(scene.picked);
      cross(context, x, y, colors.selected);
      if (scene.picked.radius) {
        context.strokeStyle = colors.selected;
        context.beginPath();
        context.arc(x, y, view.pixels(Math.abs(scene.picked.radius), scene.picked.latitude), 0, 7);
        context.stroke();
      }
    }
    const others = vehicles.filter((vehicle) => vehicle !== selected);
    for (const vehicle of selected ? [...others, selected] : others) {
      if (shown.labels || vehicle === selected)
        drawLabel(context, view, vehicle, vehicle === selected, colors, units, now);
      drawAircraft(context, view, vehicle, vehicle === selected, colors);
    }
  }
}
