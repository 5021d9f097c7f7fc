// What every instrument draws with.

import { MONO, sans, type Palette } from '../map/palette';
import type { UnitSystem } from '../lib/units';

export type Context = CanvasRenderingContext2D;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What an instrument knows: quantities by name, and how to show them. */
export interface Reading {
  number: (name: string) => number | undefined;
  value: (name: string) => number | string | boolean | undefined;
  /** Nothing comes from the station any more. */
  dead: boolean;
  units: UnitSystem;
  colors: Palette;
  /** Words of the instruments: `fly.pfd.` and the name. */
  word: (name: string) => string;
}

export function font(size: number, face: 'sans' | 'mono' = 'sans', bold = false): string {
  return `${bold ? '700 ' : ''}${size}px ${face === 'mono' ? MONO : sans()}`;
}

export function write(
  context: Context,
  text: string,
  x: number,
  y: number,
  color: string,
  size: number,
  options: { align?: CanvasTextAlign; face?: 'sans' | 'mono'; bold?: boolean; most?: number } = {},
): void {
  context.font = font(size, options.face, options.bold);
  context.textAlign = options.align ?? 'center';
  context.textBaseline = 'middle';
  context.fillStyle = color;
  context.fillText(text, x, y, options.most);
}

export function line(context: Context, color: string, width: number, ...points: number[]): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let i = 2; i + 1 < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!);
  context.stroke();
}

export function shape(context: Context, color: string, ...points: number[]): void {
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let i = 2; i + 1 < points.length; i += 2) context.lineTo(points[i]!, points[i + 1]!);
  context.closePath();
  context.fill();
}

export function fill(context: Context, color: string, box: Box): void {
  context.fillStyle = color;
  context.fillRect(box.x, box.y, box.width, box.height);
}

export function within(context: Context, box: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  draw();
  context.restore();
}

/** A red cross and what it means: this figure is not to be flown by. */
export function crossOut(context: Context, box: Box, reading: Reading, text: string): void {
  const { x, y, width, height } = box;
  const { warning } = reading.colors;
  line(context, warning, 2, x + 3, y + 3, x + width - 3, y + height - 3);
  line(context, warning, 2, x + width - 3, y + 3, x + 3, y + height - 3);
  if (text) plate(context, reading, text, x + width / 2, y + height / 2, width - 6);
}

function plate(
  context: Context,
  reading: Reading,
  text: string,
  x: number,
  y: number,
  most: number,
): void {
  const lines = most < 110 ? text.split(' ') : [text];
  context.font = font(13);
  // Where it cannot be read, the cross alone says it.
  if (Math.max(...lines.map((part) => context.measureText(part).width)) * 0.75 > most - 6) return;
  const wide = Math.min(most, Math.max(...lines.map((part) => context.measureText(part).width)) + 10);
  const high = lines.length * 16 + 4;
  fill(context, reading.colors.panel, { x: x - wide / 2, y: y - high / 2, width: wide, height: high });
  lines.forEach((part, index) =>
    write(context, part, x, y - high / 2 + 10 + index * 16, reading.colors.ink, 13, {
      most: wide - 6,
    }),
  );
}
