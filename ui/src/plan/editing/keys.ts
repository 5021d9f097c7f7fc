// The keyboard of the plan view.

import type { Map as Chart } from 'maplibre-gl';
import { isSimple } from '../document/document';
import { move, nudgeAll, removeAll } from '../document/edits';
import { removePart } from '../document/fence';
import { drawsPolygon, finishDrawing } from './draw';
import { editor } from './editor.svelte';
import type { Tool } from './editor.svelte';
import { stage } from './stage.svelte';

const STEP = 10; // m, ten times as far with Shift
const PAN = 80; // px
const COURSES: Record<string, number> = { ArrowUp: 0, ArrowRight: Math.PI / 2, ArrowDown: Math.PI, ArrowLeft: -Math.PI / 2 };
const TOOLS: Record<string, Tool> = {
  v: 'select', w: 'waypoint', s: 'survey', e: 'search', f: 'fence_in', x: 'fence_out', c: 'circle_in', r: 'rally',
};

/** What the `?` help lists: keys, and the message under plan.key. */
export const HELP: [string, string][] = [
  ['V W', 'tools'], ['S E', 'patterns'], ['F X C R', 'areas'], ['T L', 'runways'], ['Enter', 'finish'], ['Esc', 'leave'],
  ['← ↑ → ↓', 'nudge'], ['Shift ← ↑ → ↓', 'nudge_far'], ['Tab', 'next'], ['[ ]', 'walk'], ['Alt ↑ ↓', 'reorder'],
  ['Shift + ⌖', 'together'], ['Delete', 'delete'], ['Ctrl Z', 'undo'], ['Ctrl Shift Z', 'redo'], ['Ctrl S', 'save'], ['Ctrl O', 'open'], ['+ −', 'zoom'], ['?', 'help'],
];

interface Wishes {
  save: () => void;
  open: () => void;
}

class Keys {
  chart: Chart | null = null;

  take(event: KeyboardEvent, wishes: Wishes): void {
    if (stage.dialog || event.defaultPrevented || typing(event.target)) return;
    const done = event.ctrlKey || event.metaKey ? this.control(event, wishes) : this.plain(event);
    if (done) event.preventDefault();
  }

  private control(event: KeyboardEvent, wishes: Wishes): boolean {
    const key = event.key.toLowerCase();
    if (key === 'z') event.shiftKey ? editor.redo() : editor.undo();
    else if (key === 'y') editor.redo();
    else if (key === 's') wishes.save();
    else if (key === 'o') wishes.open();
    else return false;
    return true;
  }

  private plain(event: KeyboardEvent): boolean {
    const { key } = event;
    const tool = TOOLS[key.toLowerCase()];
    if (event.altKey) return this.reorder(key);
    if (key in COURSES) return this.arrow(event);
    if (key === 'Tab') return this.tab(event);
    if (key === 'Delete' || key === 'Backspace') return deleteSelected();
    if (key === 'Escape') return this.leave();
    if (key === 'Enter' && drawsPolygon() && this.onChart(event)) finishDrawing();
    else if (key === ']' || key === '[') step(key === ']' ? 1 : -1);
    else if (key === '?') stage.dialog = { kind: 'help' };
    else if (key === '+' || key === '=') this.chart?.zoomIn();
    else if (key === '-') this.chart?.zoomOut();
    else if (key === 't' || key === 'l') stage.dialog = { kind: 'runway', purpose: key === 't' ? 'takeoff' : 'landing' };
    else if (tool) this.takeUp(tool);
    else return false;
    return true;
  }

  /** A tool chosen by its key is used by keys: the chart has them. */
  private takeUp(tool: Tool): void {
    [editor.drawing, editor.tool] = [[], tool];
    this.chart?.getCanvas().focus({ preventScroll: true });
  }

  private onChart(event: Event): boolean {
    return event.target === document.body || this.chart?.getContainer().contains(event.target as Node) === true;
  }

  private arrow(event: KeyboardEvent): boolean {
    if (!this.onChart(event)) return false;
    const [index, course] = [editor.selectedItem, COURSES[event.key]!];
    if (editor.tool !== 'select' || index === null || !isSimple(editor.plan.mission.items[index]))
      this.chart?.panBy([Math.sin(course) * PAN, -Math.cos(course) * PAN], { animate: false });
    else editor.apply('move', nudgeAll(editor.plan, editor.selectedItems, course, event.shiftKey ? 10 * STEP : STEP), editor.selection, `nudge-${editor.selectedItems.join()}`);
    return true;
  }

  /** On the chart, Tab walks the items, and leaves after the last one. */
  private tab(event: KeyboardEvent): boolean {
    if (event.target === document.body || !this.onChart(event)) return false;
    return step(event.shiftKey ? -1 : 1);
  }

  private reorder(key: string): boolean {
    const index = editor.selectedItem;
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (index === null || by === undefined) return false;
    const to = index + by;
    if (to >= 0 && to < editor.plan.mission.items.length) editor.applyItems('reorder', move(editor.plan, index, to));
    return true;
  }

  private leave(): boolean {
    if (stage.menu) stage.menu = null;
    else if (editor.drawing.length > 0) editor.drawing = [];
    else if (editor.tool !== 'select') editor.tool = 'select';
    else editor.selection = null;
    return true;
  }
}

export const keys = new Keys();

export function step(by: number): boolean {
  const { length } = editor.plan.mission.items;
  const at = editor.selectedItem ?? (by > 0 ? -1 : length);
  const to = at + by;
  if (to < 0 || to >= length) return false;
  showItem(to);
  return true;
}

/** Select an item and bring it into sight. */
export function showItem(index: number): void {
  editor.selectItem(index);
  stage.tab = 'mission';
  const place = editor.places().find(({ entry }) => entry === index)?.place ?? null;
  if (place) stage.lookAt(place);
}

export function deleteSelected(): boolean {
  const { selection, plan } = editor;
  if (!selection) return false;
  if (selection.part === 'item') editor.applyItems('delete', removeAll(plan, editor.selectedItems));
  else editor.apply('delete', removePart(plan, selection.part, selection.index), null);
  return true;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

