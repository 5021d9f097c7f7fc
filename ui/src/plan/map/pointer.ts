// Mouse, pen and finger on the chart: click, drag, hover, long press.

import type { Map as Chart } from 'maplibre-gl';
import { distance } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { addCircleAt, clickAt, drawsCircle, drawsPolygon, finishDrawing } from '../editing/draw';
import { editor } from '../editing/editor.svelte';
import { stage } from '../editing/stage.svelte';
import { grip } from './drag';
import type { Grip } from './drag';
import { hitAt, legAt, project, unproject } from './mapHits';
import type { Hit, Point } from './mapHits';

const MOVED = 4; // px before a press is a drag
const MOUSE_REACH = 15;
const TOUCH_REACH = 26;
const LONG_PRESS_MS = 550;

export class Pointer {
  private down: Point | null = null;
  private held: Grip | null = null;
  private hit: Hit | null = null;
  private moved = false;
  /** A press with these tools draws, and does not move the chart: a circle, or a box. */
  private circle = false;
  private box = false;
  private takesOut = false; // a tap on what is held
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly holder: HTMLElement;
  private readonly end = new AbortController();

  constructor(private readonly chart: Chart) {
    this.holder = chart.getCanvasContainer();
    this.holder.style.touchAction = 'none';
    const on = <K extends keyof HTMLElementEventMap>(name: K, take: (event: HTMLElementEventMap[K]) => void): void =>
      this.holder.addEventListener(name, take, { capture: true, signal: this.end.signal });
    on('pointerdown', (event) => this.press(event));
    on('contextmenu', (event) => {
      event.preventDefault();
      this.menu(this.point(event));
    });
    on('dblclick', (event) => {
      if (!drawsPolygon()) return;
      event.stopPropagation();
      finishDrawing();
    });
    on('pointermove', (event) => this.down === null && this.hover(event));
    addEventListener('pointermove', (event) => this.move(event), { signal: this.end.signal });
    addEventListener('pointerup', (event) => this.release(event), { signal: this.end.signal });
    addEventListener('pointercancel', () => this.cancel(), { signal: this.end.signal });
  }

  close(): void {
    this.cancel();
    this.end.abort();
  }

  private point(event: MouseEvent): Point {
    const box = this.holder.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private press(event: PointerEvent): void {
    if (!event.isPrimary) return this.cancel();
    stage.menu = null;
    if (event.button !== 0) return;
    const at = this.point(event);
    const touch = event.pointerType !== 'mouse';
    this.down = at;
    this.moved = false;
    if (drawsCircle()) {
      this.circle = true;
      this.chart.dragPan.disable();
      return;
    }
    // From the first corner on, a drag moves the chart again.
    this.box = drawsPolygon() && editor.drawing.length === 0;
    if (this.box) this.chart.dragPan.disable();
    const pulls = editor.tool === 'select' || editor.tool === 'waypoint';
    this.hit = pulls ? hitAt(this.chart, editor.plan, at, touch ? TOUCH_REACH : MOUSE_REACH, editor.selection) : null;
    const known = this.hit?.what === 'item' && editor.selectedItems.includes(this.hit.entry);
    this.takesOut = stage.several && known;
    if (this.hit?.what === 'item' && stage.several && !known) editor.toggleItem(this.hit.entry);
    if (this.hit?.what === 'item' && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      editor.toggleItem(this.hit.entry);
      stage.tab = 'mission';
      event.stopPropagation();
      return;
    }
    if (this.hit) {
      this.held = grip(this.hit);
      this.chart.dragPan.disable();
      if (this.held.selection) editor.selection = this.held.selection;
      if (this.hit.what === 'item' || this.hit.what === 'survey') stage.tab = 'mission';
      else if (this.hit.what !== 'insert' && this.hit.what !== 'home') stage.tab = 'area';
    }
    if (touch) this.timer = setTimeout(() => this.long(at), LONG_PRESS_MS);
  }

  private long(at: Point): void {
    if (this.moved) return;
    this.cancel();
    this.menu(at);
  }

  private move(event: PointerEvent): void {
    if (!this.down || !event.isPrimary) return;
    const at = this.point(event);
    if (!this.moved && Math.hypot(at.x - this.down.x, at.y - this.down.y) < MOVED) return;
    this.moved = true;
    clearTimeout(this.timer);
    if (this.held) this.held.to(unproject(this.chart, at), '');
    else if (this.circle) editor.drawing = [unproject(this.chart, this.down), unproject(this.chart, at)];
    else if (this.box) editor.drawing = this.corners(this.down, at);
  }

  private release(event: PointerEvent): void {
    if (!this.down || !event.isPrimary) return;
    const [down, moved, circle, box] = [this.down, this.moved, this.circle, this.box];
    const [at, hit, takesOut] = [this.point(event), this.hit, this.takesOut];
    this.cancel();
    if (circle) {
      const centre = unproject(this.chart, down);
      addCircleAt(centre, moved ? distance(centre, unproject(this.chart, at)) : 0);
    } else if (box && moved) {
      editor.drawing = this.corners(down, at);
      finishDrawing();
    } else if (!moved && hit === null && this.holder.contains(event.target as Node)) {
      if (stage.several) stage.several = false;
      else if (this.closes(at)) finishDrawing();
      else clickAt(unproject(this.chart, at));
    } else if (!moved && hit?.what === 'item' && takesOut) editor.toggleItem(hit.entry);
    else if (!moved && hit?.what === 'insert') grip(hit).to(unproject(this.chart, at), '');
    editor.seal();
  }

  /** The box between two opposite corners, its sides along the chart's. */
  private corners(from: Point, to: Point): Place[] {
    return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }].map((at) => unproject(this.chart, at));
  }

  /** A click on the first corner closes a polygon. */
  private closes(at: Point): boolean {
    const first = editor.drawing[0];
    if (!drawsPolygon() || !first || editor.drawing.length < 3) return false;
    const corner = project(this.chart, first);
    return Math.hypot(corner.x - at.x, corner.y - at.y) < TOUCH_REACH / 2;
  }

  private cancel(): void {
    clearTimeout(this.timer);
    if (this.held || this.circle || this.box) this.chart.dragPan.enable();
    if (this.circle || (this.box && this.moved)) editor.drawing = [];
    this.down = this.held = this.hit = null;
    this.circle = this.box = false;
  }

  private menu(at: Point): void {
    const hit = hitAt(this.chart, editor.plan, at, TOUCH_REACH, null);
    const entry = hit?.what === 'item' ? hit.entry : null;
    if (entry !== null && !editor.selectedItems.includes(entry)) editor.selectItem(entry);
    stage.menu = {
      ...at,
      place: unproject(this.chart, at),
      entry,
      leg: entry === null ? legAt(this.chart, editor.plan, at, TOUCH_REACH) : null,
    };
  }

  private hover(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') return;
    const at = this.point(event);
    const hit = editor.tool === 'select' || editor.tool === 'waypoint'
      ? hitAt(this.chart, editor.plan, at, MOUSE_REACH, editor.selection) : null;
    this.chart.getCanvas().style.cursor = hit ? 'move' : editor.tool === 'select' ? '' : 'crosshair';
  }
}
