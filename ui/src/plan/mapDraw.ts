// The document on the chart's canvas. Colours are the palette's, read once a palette.

import type { Map as Chart } from 'maplibre-gl';
import { color } from '../map/chart';
import { CMD, isLoiter, radiusOf } from './commands';
import { homeOf, isSimple, placeOf } from './document';
import type { PlanDocument } from './document';
import { circlesOf, polygonsOf, ralliesOf } from './fence';
import { flatItems, isPlacedCommand } from './flat';
import { between } from './geodesy';
import type { Place } from './geodesy';
import { handles, legsOf, project, rimOf } from './mapHits';
import type { Point } from './mapHits';
import type { Severity } from './marks';
import type { Selection } from './editor.svelte';

export interface Scene {
  plan: PlanDocument;
  selection: Selection | null;
  marks: Map<number, Severity>;
  track: Place[];
  drawing: Place[];
  closed: boolean; // the drawing is a polygon
  pointed: Place | null;
  words: { takeoff: string; land: string; home: string };
  defaultRadius: number;
}

type Canvas = CanvasRenderingContext2D;
const RADIUS = 12;
const CROWD = 60; // items

/** Everything, from what lies lowest. */
export function drawPlan(canvas: Canvas, chart: Chart, scene: Scene, palette: Record<string, string>): void {
  const pen = new Pen(canvas, chart, palette);
  drawFence(pen, scene);
  drawSurveys(pen, scene);
  pen.line(scene.track, 'ink-soft', 1, [], 0.75);
  drawLegs(pen, scene);
  for (const { place } of handles(chart, scene.plan, scene.selection)) pen.handle(place);
  drawHome(pen, scene);
  drawRallies(pen, scene);
  drawItems(pen, scene);
  if (scene.drawing.length > 0) {
    const way = scene.closed && scene.drawing.length > 2 ? [...scene.drawing, scene.drawing[0]!] : scene.drawing;
    pen.line(way, 'selected', 2, [6, 4]);
    scene.drawing.forEach((place, i) => pen.dot(place, i === 0 ? 7 : 5, 'selected'));
  }
  if (scene.pointed) pen.cross(scene.pointed);
}

const NAMES = ['ink', 'ink-soft', 'panel', 'leading', 'selected', 'good', 'warning', 'caution', 'accent', 'line', 'raised'];

export function paletteNow(): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => [name, color(name)]));
}

class Pen {
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

  text(place: Place, text: string, tone: string, dx = 0, dy = 0, font = '700 12px', halo = false): void {
    const { x, y } = project(this.chart, place);
    Object.assign(this.canvas, { font: `${font} 'B612', system-ui, sans-serif`, textAlign: 'center', textBaseline: 'middle' });
    if (halo) {
      Object.assign(this.canvas, { strokeStyle: this.tone('panel'), lineWidth: 4, lineJoin: 'round' });
      this.canvas.strokeText(text, x + dx, y + dy);
    }
    this.canvas.fillStyle = this.tone(tone);
    this.canvas.fillText(text, x + dx, y + dy + 0.5);
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

function drawLegs(pen: Pen, { plan, defaultRadius }: Scene): void {
  let [from, simple]: [Place | null, Place[]] = [null, []];
  for (const leg of legsOf(plan)) {
    if (from !== leg.from) {
      pen.line(simple, 'leading', 2);
      simple = [leg.from];
    }
    simple.push(leg.to);
    from = leg.to;
  }
  pen.line(simple, 'leading', 2);
  const flat = flatItems(plan);
  for (const { item } of flat) {
    const place = placeOf(item);
    if (place && isLoiter(item.command) && isPlacedCommand(item))
      pen.circle(place, Math.abs(radiusOf(item)) || defaultRadius, 'leading', 1.5);
    if (item.command !== CMD.DO_JUMP) continue;
    const at = flat.indexOf(flat.find((other) => other.item === item)!);
    const before = flat.slice(0, at).findLast((other) => isPlacedCommand(other.item) && placeOf(other.item));
    const target = flat.slice(flat.findIndex((other) => other.sequence === item.params[0])).find((other) => isPlacedCommand(other.item) && placeOf(other.item));
    if (before && target && item.params[0] !== null) pen.line([placeOf(before.item)!, placeOf(target.item)!], 'leading', 1.5, [3, 5]);
  }
}

function drawItems(pen: Pen, { plan, selection, marks, words }: Scene): void {
  const chosen = selection?.part === 'item' ? selection.index : -1;
  const flat = flatItems(plan).filter(({ item }) => isPlacedCommand(item));
  const order = [...flat.filter(({ entry }) => entry !== chosen), ...flat.filter(({ entry }) => entry === chosen)];
  let last: Point = { x: -1e6, y: -1e6 };
  for (const { entry, item, sequence } of order) {
    const place = placeOf(item);
    if (!place) continue;
    const at = project(pen.chart, place);
    if (!pen.sees(at)) continue;
    // Where items crowd, numbers on numbers could not be read: they are dots until one zooms in.
    const crowded = flat.length > CROWD && entry !== chosen && !marks.has(entry) && Math.hypot(at.x - last.x, at.y - last.y) < RADIUS;
    if (crowded || !isSimple(plan.mission.items[entry])) {
      pen.dot(place, 4, entry === chosen ? 'selected' : 'leading');
      continue;
    }
    last = at;
    pen.badge(place, String(sequence), entry === chosen, marks.get(entry));
    const word = item.command === CMD.TAKEOFF ? words.takeoff : item.command === CMD.LAND ? words.land : '';
    if (word) pen.text(place, word, 'ink', 0, (item.command === CMD.LAND ? 1 : -1) * (RADIUS + 10), '700 12px', true);
  }
}

function drawSurveys(pen: Pen, { plan, selection }: Scene): void {
  plan.mission.items.forEach((entry, index) => {
    if (isSimple(entry) || !Array.isArray(entry.polygon) || entry.polygon.length < 3) return;
    const polygon = entry.polygon as Place[];
    const chosen = selection?.part === 'item' && selection.index === index;
    pen.area(polygon, chosen ? 'selected' : 'accent', 1.5, 0.08, [6, 4]);
    if (chosen) polygon.forEach((place) => pen.dot(place, 6, 'selected'));
  });
}

function drawFence(pen: Pen, { plan, selection }: Scene): void {
  const chosen = (part: string, index: number) => selection?.part === part && selection.index === index;
  polygonsOf(plan).forEach(({ polygon, inclusion }, index) => {
    if (polygon.length < 2) return;
    const here = chosen('polygon', index);
    const tone = here ? 'selected' : inclusion ? 'good' : 'warning';
    pen.area(polygon, tone, here ? 3 : 2, inclusion ? 0 : 0.12, inclusion ? [] : [10, 5]);
    polygon.forEach((place, i) => {
      pen.dot(place, here ? 6 : 4, tone);
      const next = polygon[(i + 1) % polygon.length]!;
      if (here) pen.dot(between(place, next, 0.5), 3, tone);
    });
  });
  circlesOf(plan).forEach(({ circle, inclusion }, index) => {
    const here = chosen('circle', index);
    const tone = here ? 'selected' : inclusion ? 'good' : 'warning';
    pen.circle(circle.center, circle.radius, tone, here ? 3 : 2, inclusion ? 0 : 0.12, inclusion ? [] : [10, 5]);
    pen.dot(circle.center, here ? 6 : 4, tone);
  });
}

function drawHome(pen: Pen, { plan, words }: Scene): void {
  const home = homeOf(plan);
  if (!home) return;
  pen.dot(home.place, 9, 'ink');
  pen.text(home.place, words.home, 'ink', 0, 0, '700 11px');
}

function drawRallies(pen: Pen, { plan, selection }: Scene): void {
  ralliesOf(plan).forEach(([latitude, longitude], index) => {
    const chosen = selection?.part === 'rally' && selection.index === index;
    pen.dot([latitude, longitude], 10, chosen ? 'selected' : 'good');
    pen.text([latitude, longitude], `R${index + 1}`, chosen ? 'selected' : 'good', 0, 0, '700 10px');
  });
}
