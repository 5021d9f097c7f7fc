// Each aircraft and its label on small canvases of their own, moved over the chart. Only what changed
// is drawn: at a usual scale an aircraft moves less than a pixel a second, and drawing one canvas as
// large as the chart thirty times a second is most of what a page without a graphics card can do.

import type { UnitSystem } from '../../lib/units';
import type { Vehicle } from '../../lib/vehicles.svelte';
import { palette } from '../../map/palette';
import type { View } from '../../map/view';
import { drawAircraft, drawLabel, labelOf, spotOf, TALL, type LabelText } from './live';
import { offset, slots } from './placing';
import { FOOT } from './sight';

const SIDE = 56;
const AT = SIDE / 2; // the aircraft's place on its canvas
const MARK = 8; // px, the alert's mark beside a label
const HEADING_STEP = Math.PI / 180;
const LEAST_MS = 60; // between updates while the chart stands: what changes anywhere on the chart has
// the browser put all of it together anew

interface Sprite {
  aircraft: Layer;
  label: Layer;
  slot: number;
}

/** A canvas, what it shows and where it is. */
interface Layer {
  canvas: HTMLCanvasElement;
  key: string;
  place: string;
}

interface Seen {
  vehicle: Vehicle;
  sprite: Sprite;
  x: number;
  y: number;
  label: LabelText | undefined;
}

export class Sprites {
  private sprites = new Map<Vehicle, Sprite>();
  private key = '';
  private updated = -Infinity;
  private readonly pen = document.createElement('canvas').getContext('2d')!;

  constructor(private readonly holder: HTMLElement) {}

  update(
    view: View,
    vehicles: Vehicle[],
    selected: Vehicle | undefined,
    labels: boolean,
    units: UnitSystem,
    over: number, // px of the chart's upper edge that are covered
  ): void {
    const key = `${view.key},${selected?.info.id},${labels},${units},${over}`;
    const now = performance.now();
    if (key === this.key && now - this.updated < LEAST_MS) return;
    [this.key, this.updated] = [key, now];
    for (const [vehicle, sprite] of this.sprites)
      if (!vehicles.includes(vehicle)) {
        sprite.aircraft.canvas.remove();
        sprite.label.canvas.remove();
        this.sprites.delete(vehicle);
      }
    // The one that is flown has its label where it belongs; the others give way.
    const seen = vehicles
      .toSorted((one, other) => Number(other === selected) - Number(one === selected))
      .flatMap((vehicle) => this.seen(view, vehicle, labels || vehicle === selected, units, now));
    const named = seen.filter(({ label }) => label);
    const found = slots(
      named.map(({ x, y, label, sprite }) => ({ x, y, width: label!.width + MARK, height: TALL, slot: sprite.slot })),
      { width: view.width, height: view.height, top: over, foot: FOOT },
    );
    named.forEach(({ sprite }, index) => (sprite.slot = found[index]!));
    for (const one of seen) this.show(one, one.vehicle === selected);
  }

  /** Where it is, in whole pixels, so that its text stays sharp; nothing where it is not seen. */
  private seen(view: View, vehicle: Vehicle, named: boolean, units: UnitSystem, now: number): Seen[] {
    const sprite = this.spriteOf(vehicle);
    const here = spotOf(vehicle);
    const [x, y] = here ? view.at(here).map(Math.round) : [NaN, NaN];
    if (!here || !view.sees(x!, y!, 2 * SIDE)) {
      move(sprite.aircraft, '', false);
      move(sprite.label, '', false);
      return [];
    }
    // A label at the edge of the chart would be read in part, without the aircraft that it names.
    const inside = view.sees(x!, y!, 0);
    return [{ vehicle, sprite, x: x!, y: y!, label: named && inside ? labelOf(this.pen, vehicle, units, now) : undefined }];
  }

  private spriteOf(vehicle: Vehicle): Sprite {
    let sprite = this.sprites.get(vehicle);
    if (!sprite) {
      const layer = (): Layer => {
        const canvas = document.createElement('canvas');
        Object.assign(canvas.style, { position: 'absolute', left: '0', top: '0', willChange: 'transform' });
        this.holder.append(canvas);
        return { canvas, key: '', place: '' };
      };
      sprite = { label: layer(), aircraft: layer(), slot: -1 };
      this.sprites.set(vehicle, sprite);
    }
    return sprite;
  }

  private show({ vehicle, sprite, x, y, label }: Seen, selected: boolean): void {
    const colors = palette();
    move(sprite.aircraft, `${x - AT}px, ${y - AT}px`, selected);
    const heading = vehicle.number('heading') ?? vehicle.number('course');
    const turned = heading === undefined ? '' : Math.round(heading / HEADING_STEP);
    paint(sprite.aircraft, SIDE, SIDE, [turned, selected, colors.ink].join('|'), (context) =>
      drawAircraft(context, AT, AT, vehicle, selected, colors),
    );
    if (!label || sprite.slot < 0) return move(sprite.label, '', selected);
    const [dx, dy] = offset(sprite.slot, { width: label.width + MARK, height: TALL });
    move(sprite.label, `${Math.round(x + dx)}px, ${y + dy}px`, selected);
    const alerts = vehicle.alerts.map((alert) => alert.severity);
    const key = [selected, colors.ink, label.lines, label.width, alerts].join('|');
    paint(sprite.label, Math.ceil(label.width) + MARK, TALL, key, (context) =>
      drawLabel(context, vehicle, label, selected, colors),
    );
  }
}

/** To a place, over the others where it is the selected one's; out of sight where there is none. */
function move(layer: Layer, place: string, selected: boolean): void {
  const key = place && `${place}, ${selected}`;
  if (key === layer.place && layer.place) return;
  layer.place = key;
  layer.canvas.style.display = place ? '' : 'none';
  layer.canvas.style.zIndex = selected ? '1' : '0';
  if (place) layer.canvas.style.transform = `translate(${place})`;
}

/** Draw it anew, where it shows something else than before. */
function paint(
  layer: Layer,
  width: number,
  height: number,
  what: string,
  draw: (context: CanvasRenderingContext2D) => void,
): void {
  const scale = devicePixelRatio || 1;
  const key = `${scale}|${what}`;
  if (key === layer.key) return;
  layer.key = key;
  const { canvas } = layer;
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== across || canvas.height !== down) {
    [canvas.width, canvas.height] = [across, down];
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const context = canvas.getContext('2d')!;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  draw(context);
}
