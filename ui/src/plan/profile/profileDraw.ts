// The altitude profile on a canvas: ground, planned altitude, items, ceiling.

import { toUnit, unitOf } from '../../lib/units';
import type { UnitSystem } from '../../lib/units';
import { color } from '../../map/chart';
import { sans } from '../../map/palette';
import type { ProfilePoint } from '../judging/judged';

export interface Mark {
  distance: number;
  text: string;
  selected: boolean;
  bad: 'error' | 'warning' | undefined;
}

export interface ProfileScene {
  points: ProfilePoint[];
  marks: Mark[];
  ceiling: number | null; // m, the least along the way
  terrain: boolean; // ground heights are known, not assumed
  pointed: number | null; // m along the way
  units: UnitSystem;
  words: { noTerrain: string; ceiling: string; altitude: string };
}

export interface Frame {
  left: number;
  width: number;
  reach: number; // m
}

const LEFT = 62;
const RIGHT = 14;
const TOP = 14;
const BOTTOM = 24;

export function frameOf(points: ProfilePoint[], width: number): Frame {
  return { left: LEFT, width: Math.max(width - LEFT - RIGHT, 1), reach: Math.max(points.at(-1)?.distance ?? 1, 1) };
}

/** Round steps so that about `count` of them fill `span`. */
export function stepFor(span: number, count: number): number {
  const rough = span / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}

export function drawProfile(canvas: CanvasRenderingContext2D, width: number, height: number, scene: ProfileScene): void {
  const { points, units } = scene;
  canvas.clearRect(0, 0, width, height);
  if (points.length < 2) return;
  const frame = frameOf(points, width);
  const known = scene.terrain ? points.flatMap(({ ground_msl }) => (ground_msl === null ? [] : [ground_msl])) : [];
  const highest = Math.max(...points.map(({ altitude_msl }) => altitude_msl), ...known);
  const least = Math.min(0, ...points.map(({ altitude_msl }) => altitude_msl), ...known);
  const top = least + (highest - least) * 1.3 + 50;
  const x = (distance: number): number => frame.left + (distance / frame.reach) * frame.width;
  const y = (altitude: number): number => TOP + (1 - (altitude - least) / (top - least)) * (height - TOP - BOTTOM);
  canvas.font = `12px ${sans()}`;
  grid(canvas, frame, { x, y, least, top, width, height }, units);
  if (known.length > 0) ground(canvas, points, x, y, height);
  else label(canvas, scene.words.noTerrain, frame.left + frame.width / 2, height - BOTTOM - 9, 'center', 'ink-soft');
  ceiling(canvas, scene, { x, y, top, frame });
  way(canvas, points, x, y);
  for (const mark of spaced(scene.marks, x)) drawMark(canvas, mark, x(mark.distance), y(altitudeAt(points, mark.distance)), height);
  if (scene.pointed !== null) pointed(canvas, x(scene.pointed), height);
}

interface Axes {
  x: (distance: number) => number;
  y: (altitude: number) => number;
  least: number;
  top: number;
  width: number;
  height: number;
}

function grid(canvas: CanvasRenderingContext2D, frame: Frame, { x, y, least, top, height }: Axes, units: UnitSystem): void {
  const up = (value: number): number => toUnit(value, 'altitude', units);
  const along = (value: number): number => toUnit(value, 'distance', units);
  const rise = stepFor(up(top - least), 4);
  canvas.lineWidth = 1;
  for (let value = Math.ceil(up(least) / rise) * rise; value <= up(top); value += rise) {
    const level = y(least + ((value - up(least)) / up(top - least)) * (top - least));
    stroke(canvas, [[frame.left, level], [frame.left + frame.width, level]], 'line', 1);
    const unit = Math.abs(value) < rise / 2 ? ` ${unitOf('altitude', units).symbol}` : '';
    label(canvas, value.toFixed(0) + unit, frame.left - 8, level, 'right', 'ink-soft');
  }
  const run = stepFor(along(frame.reach), frame.width / 110);
  for (let value = 0; value <= along(frame.reach); value += run)
    label(canvas, `${value.toFixed(run < 1 ? 1 : 0)}${value === 0 ? ` ${unitOf('distance', units).symbol}` : ''}`, x((value / along(frame.reach)) * frame.reach), height - 9, 'center', 'ink-soft');
}

function ground(canvas: CanvasRenderingContext2D, points: ProfilePoint[], x: Axes['x'], y: Axes['y'], height: number): void {
  let run: [number, number][] = [];
  const close = (): void => {
    if (run.length > 1) {
      canvas.beginPath();
      canvas.moveTo(run[0]![0], height - BOTTOM);
      run.forEach(([px, py]) => canvas.lineTo(px, py));
      canvas.lineTo(run.at(-1)![0], height - BOTTOM);
      canvas.fillStyle = color('earth');
      canvas.fill();
    }
    run = [];
  };
  for (const { distance, ground_msl } of points) {
    if (ground_msl === null) close();
    else run.push([x(distance), y(ground_msl)]);
  }
  close();
}

function ceiling(canvas: CanvasRenderingContext2D, { ceiling: limit, pointed, words }: ProfileScene, at: { x: Axes['x']; y: Axes['y']; top: number; frame: Frame }): void {
  if (limit === null || (pointed !== null && limit > at.top)) return;
  const right = at.frame.left + at.frame.width;
  if (limit <= at.top) {
    canvas.setLineDash([8, 5]);
    stroke(canvas, [[at.frame.left, at.y(limit)], [right, at.y(limit)]], 'caution', 2);
    canvas.setLineDash([]);
  }
  label(canvas, words.ceiling, right - 4, limit <= at.top ? at.y(limit) - 8 : TOP - 4, 'right', limit <= at.top ? 'caution' : 'ink-soft');
}

function way(canvas: CanvasRenderingContext2D, points: ProfilePoint[], x: Axes['x'], y: Axes['y']): void {
  stroke(canvas, points.map(({ distance, altitude_msl }) => [x(distance), y(altitude_msl)]), 'leading', 2.5);
}

/** Numbers that would cover each other are left out; the selected item keeps its own. */
function spaced(marks: Mark[], x: Axes['x']): Mark[] {
  const held = marks.filter(({ selected }) => selected).map(({ distance }) => x(distance));
  return marks.map((mark) => {
    const at = x(mark.distance);
    if (mark.selected) return mark;
    if (held.some((other) => Math.abs(other - at) < 22)) return { ...mark, text: '' };
    held.push(at);
    return mark;
  });
}

function drawMark(canvas: CanvasRenderingContext2D, mark: Mark, x: number, y: number, height: number): void {
  const tone = mark.bad === 'error' ? 'warning' : mark.bad ? 'caution' : mark.selected ? 'selected' : 'leading';
  if (mark.selected) stroke(canvas, [[x, y], [x, height - BOTTOM]], 'selected', 1.5);
  canvas.beginPath();
  canvas.arc(x, y, mark.selected ? 6 : 4, 0, 2 * Math.PI);
  canvas.fillStyle = color(mark.selected ? 'selected' : 'panel');
  canvas.fill();
  canvas.strokeStyle = color(tone);
  canvas.lineWidth = 2;
  canvas.stroke();
  if (mark.text) label(canvas, mark.text, x, y - 12, 'center', mark.bad === 'error' ? 'warning' : 'ink');
}

function pointed(canvas: CanvasRenderingContext2D, x: number, height: number): void {
  stroke(canvas, [[x, TOP - 8], [x, height - BOTTOM]], 'ink', 1.5);
}

export function altitudeAt(points: ProfilePoint[], distance: number): number {
  const after = points.findIndex((point) => point.distance >= distance);
  if (after < 0) return points.at(-1)!.altitude_msl;
  const [a, b] = [points[Math.max(after - 1, 0)]!, points[after]!];
  const span = b.distance - a.distance;
  return span <= 0 ? b.altitude_msl : a.altitude_msl + ((distance - a.distance) / span) * (b.altitude_msl - a.altitude_msl);
}

function stroke(canvas: CanvasRenderingContext2D, way: [number, number][], tone: string, width: number): void {
  canvas.beginPath();
  way.forEach(([px, py], i) => (i === 0 ? canvas.moveTo(px, py) : canvas.lineTo(px, py)));
  Object.assign(canvas, { strokeStyle: color(tone), lineWidth: width, lineJoin: 'round' });
  canvas.stroke();
}

function label(canvas: CanvasRenderingContext2D, text: string, x: number, y: number, align: CanvasTextAlign, tone: string): void {
  Object.assign(canvas, { textAlign: align, textBaseline: 'middle', fillStyle: color(tone) });
  canvas.fillText(text, x, y);
}
