// Where places are on the canvas: Mercator about the chart's middle. The chart is never turned or
// tilted, so this is MapLibre's own projection without its matrices.

import type { Map as Chart } from 'maplibre-gl';
import { degreeLengths, type Spot } from './geo';

const TILE = 512;
const RADIANS = Math.PI / 180;

/** Mercator's y of a latitude in degrees: 0 in the north, 1 in the south. */
export function mercator(latitude: number): number {
  const sine = Math.sin(Math.max(-85, Math.min(85, latitude)) * RADIANS);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export class View {
  private readonly size: number;
  private readonly middleY: number;

  constructor(
    readonly latitude: number,
    readonly longitude: number,
    readonly zoom: number,
    readonly width: number,
    readonly height: number,
  ) {
    this.size = TILE * 2 ** zoom;
    this.middleY = mercator(latitude);
  }

  x(longitude: number): number {
    const turn = longitude - this.longitude;
    return this.width / 2 + ((turn - 360 * Math.round(turn / 360)) / 360) * this.size;
  }

  y(latitude: number): number {
    return this.fromMercator(mercator(latitude));
  }

  fromMercator(y: number): number {
    return this.height / 2 + (y - this.middleY) * this.size;
  }

  /** Pixels that `metres` are at `latitude`. */
  pixels(metres: number, latitude = this.latitude): number {
    const [, east] = degreeLengths(latitude);
    return ((metres / east) * this.size) / 360;
  }

  /** Metres that a pixel is, in the middle. */
  get metres(): number {
    return 1 / this.pixels(1);
  }

  at(spot: Spot): [x: number, y: number] {
    return [this.x(spot.longitude), this.y(spot.latitude)];
  }

  sees(x: number, y: number, margin = 60): boolean {
    return x > -margin && y > -margin && x < this.width + margin && y < this.height + margin;
  }

  /** Changes exactly when what stands still must be drawn anew. */
  get key(): string {
    return `${this.latitude},${this.longitude},${this.zoom},${this.width},${this.height}`;
  }
}

export function viewOf(chart: Chart, context: CanvasRenderingContext2D): View {
  const { lng, lat } = chart.getCenter();
  const scale = context.getTransform().a || 1;
  const { width, height } = context.canvas;
  return new View(lat, lng, chart.getZoom(), width / scale, height / scale);
}
