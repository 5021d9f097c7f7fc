// Each aircraft and its label on a small canvas of its own, moved over the chart. Only what changed
// is drawn: at a usual scale an aircraft moves less than a pixel a second, and drawing one canvas as
// large as the chart thirty times a second is most of what a page without a graphics card can do.

import type { UnitSystem } from '../../lib/units';
import type { Vehicle } from '../../lib/vehicles.svelte';
import { palette } from '../../map/palette';
import type { View } from '../../map/view';
import { drawAircraft, drawLabel, labelOf, spotOf } from './live';

const WIDTH = 260;
const HEIGHT = 82;
const AT = 28; // the aircraft's place on its canvas, from the left and from the top
const HEADING_STEP = Math.PI / 180;
const LEAST_MS = 60; // between updates while the chart stands: what changes anywhere on the chart has
// the browser put all of it together anew

interface Sprite {
  canvas: HTMLCanvasElement;
  key: string;
  place: string;
}

export class Sprites {
  private sprites = new Map<Vehicle, Sprite>();
  private key = '';
  private updated = -Infinity;

  constructor(private readonly holder: HTMLElement) {}

  update(
    view: View,
    vehicles: Vehicle[],
    selected: Vehicle | undefined,
    labels: boolean,
    units: UnitSystem,
  ): void {
    const key = `${view.key},${selected?.info.id},${labels},${units}`;
    const now = performance.now();
    if (key === this.key && now - this.updated < LEAST_MS) return;
    [this.key, this.updated] = [key, now];
    for (const [vehicle, sprite] of this.sprites)
      if (!vehicles.includes(vehicle)) {
        sprite.canvas.remove();
        this.sprites.delete(vehicle);
      }
    for (const vehicle of vehicles) {
      const sprite = this.spriteOf(vehicle);
      if (this.move(sprite, view, vehicle, vehicle === selected))
        this.paint(sprite, vehicle, vehicle === selected, labels, units);
    }
  }

  private spriteOf(vehicle: Vehicle): Sprite {
    let sprite = this.sprites.get(vehicle);
    if (!sprite) {
      const canvas = document.createElement('canvas');
      Object.assign(canvas.style, {
        position: 'absolute', left: '0', top: '0', width: `${WIDTH}px`, height: `${HEIGHT}px`,
        willChange: 'transform',
      }); // prettier-ignore
      this.holder.append(canvas);
      sprite = { canvas, key: '', place: '' };
      this.sprites.set(vehicle, sprite);
    }
    return sprite;
  }

  /** To where it is, in whole pixels, so that its text stays sharp; false where it is not seen. */
  private move(sprite: Sprite, view: View, vehicle: Vehicle, selected: boolean): boolean {
    const here = spotOf(vehicle);
    const [x, y] = here ? view.at(here) : [NaN, NaN];
    const seen = here !== undefined && view.sees(x, y, WIDTH);
    const place = seen ? `${Math.round(x) - AT}px, ${Math.round(y) - AT}px, ${selected}` : '';
    if (place !== sprite.place) {
      sprite.place = place;
      sprite.canvas.style.display = seen ? '' : 'none';
      sprite.canvas.style.zIndex = selected ? '1' : '0';
      if (seen) sprite.canvas.style.transform = `translate(${Math.round(x) - AT}px, ${Math.round(y) - AT}px)`;
    }
    return seen;
  }

  private paint(
    sprite: Sprite,
    vehicle: Vehicle,
    selected: boolean,
    labels: boolean,
    units: UnitSystem,
  ): void {
    const context = sprite.canvas.getContext('2d')!;
    const colors = palette();
    const scale = devicePixelRatio || 1;
    const label = labels || selected ? labelOf(context, vehicle, units, performance.now()) : undefined;
    const heading = vehicle.number('heading') ?? vehicle.number('course');
    const alerts = vehicle.alerts.map((alert) => alert.severity);
    const turned = heading === undefined ? '' : Math.round(heading / HEADING_STEP);
    const key = [turned, selected, scale, colors.ink, label?.lines, label?.width, alerts].join('|');
    if (key === sprite.key) return;
    sprite.key = key;
    if (sprite.canvas.width !== Math.round(WIDTH * scale)) {
      sprite.canvas.width = Math.round(WIDTH * scale);
      sprite.canvas.height = Math.round(HEIGHT * scale);
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    if (label) drawLabel(context, AT, AT, vehicle, label, selected, colors);
    drawAircraft(context, AT, AT, vehicle, selected, colors);
  }
}
