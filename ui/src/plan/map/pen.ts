// The pen that draws the document's places on the chart's canvas, in the palette's colours.

import type { Map as Chart } from 'maplibre-gl';
import { color } from '../../map/chart';
import type { Place } from '../../map/geodesy';
import { sans } from '../../map/palette';
import type { Severity } from '../judging/marks';
import { project, rimOf } from './mapHits';
import type { Point } from './mapHits';

type Canvas = CanvasRenderingContext2D;
export const RADIUS = 12; // of an item's mark, px
const WORD = '700 12px';

const NAMES = ['ink', 'ink-soft', 'panel', 'leading', 'selected', 'good', 'warning', 'caution', 'accent', 'line', 'raised'];

export function paletteNow(): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => [name, color(name)]));
}

export class Pen {
  constructor(
    readonly canvas: Canvas,
    readonly chart: Chart,
    private readonly palette: Record<string, string>,
  ) {}

  sees({ x, y }: Point): boolean {
    const { clientWidth, clientHeight } = this.canvas.canvas;
    return x > -40 && y > -40 && x < clientWidth + 40 && y < clientHeight + 40;
  }

  tone(name: string): string {
    return this.palette[name] ?? '#888';
  }

  private trace(way: Place[], close = false): void {
    this.canvas.beginPath();
    way.forEach((place, i) => {
      const { x, y } = project(this.chart, place);
      if (i === 0) this.canvas.moveTo(x, y);
      else this.canvas.lineTo(x, y);
    });
    if (close) this.canvas.closePath();
  }

  line(way: Place[], tone: string, width: number, dash: number[] = [], alpha = 1): void {
    if (way.length < 2) return;
    this.trace(way);
    this.stroke(tone, width, dash, alpha);
  }

  area(way: Place[], tone: string, width: number, fill: number, dash: number[] = []): void {
    this.trace(way, true);
    this.fill(tone, fill);
    this.stroke(tone, width, dash);
  }

  circle(centre: Place, radius: number, tone: string, width: number, fill = 0, dash: number[] = []): void {
    const { x, y } = project(this.chart, centre);
    this.canvas.beginPath();
    this.canvas.arc(x, y, rimOf(this.chart, centre, radius), 0, 2 * Math.PI);
    if (fill > 0) this.fill(tone, fill);
    this.stroke(tone, width, dash);
  }

  stroke(tone: string, width: number, dash: number[] = [], alpha = 1): void {
    Object.assign(this.canvas, { strokeStyle: this.tone(tone), lineWidth: width, globalAlpha: alpha, lineJoin: 'round' });
    this.canvas.setLineDash(dash);
    this.canvas.stroke();
    this.canvas.setLineDash([]);
    this.canvas.globalAlpha = 1;
  }

  private fill(tone: string, alpha: number): void {
    Object.assign(this.canvas, { fillStyle: this.tone(tone), globalAlpha: alpha });
    this.canvas.fill();
    this.canvas.globalAlpha = 1;
  }

  dot(place: Place, radius: number, tone: string): void {
    const { x, y } = project(this.chart, place);
    this.canvas.beginPath();
    this.canvas.arc(x, y, radius, 0, 2 * Math.PI);
    this.fill('panel', 1);
    this.stroke(tone, 2);
  }

  handle(place: Place): void {
    this.dot(place, 7, 'selected');
    this.text(place, '+', 'selected', 0, 0, '700 13px');
  }

  cross(place: Place): void {
    const { x, y } = project(this.chart, place);
    this.canvas.beginPath();
    this.canvas.moveTo(x - 14, y);
    this.canvas.lineTo(x + 14, y);
    this.canvas.moveTo(x, y - 14);
    this.canvas.lineTo(x, y + 14);
    this.stroke('ink', 2);
  }

  text(place: Place, text: string, tone: string, dx = 0, dy = 0, font = WORD): void {
    const { x, y } = project(this.chart, place);
    this.write(x + dx, y + dy, text, tone, font);
  }

  private write(x: number, y: number, text: string, tone: string, font: string): void {
    Object.assign(this.canvas, { font: `${font} ${sans()}`, textAlign: 'center', textBaseline: 'middle' });
    this.canvas.fillStyle = this.tone(tone);
    this.canvas.fillText(text, x, y + 0.5);
  }

  /** A word on the chart about a place of the canvas, px. */
  word(x: number, y: number, text: string): void {
    Object.assign(this.canvas, { font: `${WORD} ${sans()}`, textAlign: 'center', textBaseline: 'middle' });
    Object.assign(this.canvas, { strokeStyle: this.tone('panel'), lineWidth: 4, lineJoin: 'round' });
    this.canvas.strokeText(text, x, y);
    this.write(x, y, text, 'ink', WORD);
  }

  /** How wide a word is on the chart, px. */
  width(text: string): number {
    this.canvas.font = `${WORD} ${sans()}`;
    return this.canvas.measureText(text).width;
  }

  /** A numbered mark: filled when selected, with a ring when something is wrong. */
  badge(place: Place, text: string, selected: boolean, mark: Severity | undefined): void {
    const { x, y } = project(this.chart, place);
    const tone = selected ? 'selected' : 'leading';
    if (mark) {
      this.canvas.beginPath();
      this.canvas.arc(x, y, RADIUS + 4, 0, 2 * Math.PI);
      this.stroke(mark === 'error' ? 'warning' : 'caution', 3);
    }
    this.canvas.beginPath();
    this.canvas.arc(x, y, RADIUS, 0, 2 * Math.PI);
    this.fill(selected ? 'selected' : 'panel', 1);
    this.stroke(tone, 2);
    this.text(place, text, selected ? 'panel' : 'ink', 0, 0, text.length > 2 ? '700 10px' : '700 12px');
  }
}
