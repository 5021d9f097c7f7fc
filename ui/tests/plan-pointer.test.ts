// Presses, drags and taps on the chart of the plan, and what becomes of the document.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Map as Chart } from 'maplibre-gl';
import { emptyPlan, isSimple, placed, placeOf, withItems, type SimpleItem } from '../src/plan/document/document';
import { CMD } from '../src/plan/document/commands';
import { editor } from '../src/plan/editing/editor.svelte';
import { polygonsOf } from '../src/plan/document/fence';
import { Pointer } from '../src/plan/map/pointer';
import { stage } from '../src/plan/editing/stage.svelte';

const DEG_PX = 1e-3; // degrees a pixel, north up
const WAYPOINTS = [[100, 100], [200, 100], [300, 100]] as const; // px
const placeAt = (x: number, y: number): [number, number] => [-y * DEG_PX, x * DEG_PX];

let holder: EventTarget;
let page: EventTarget;
let panning: boolean[];
let pointer: Pointer;

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  holder = Object.assign(new EventTarget(), {
    style: {}, contains: () => true, getBoundingClientRect: () => ({ left: 0, top: 0 }),
  }); // prettier-ignore
  panning = [];
  pointer = new Pointer({
    getCanvasContainer: () => holder, getCanvas: () => ({ style: {} }),
    dragPan: { enable: () => panning.push(true), disable: () => panning.push(false) },
    project: ([lng, lat]: [number, number]) => ({ x: lng / DEG_PX, y: -lat / DEG_PX }),
    unproject: ([x, y]: [number, number]) => ({ wrap: () => ({ lat: -y * DEG_PX, lng: x * DEG_PX }) }),
  } as unknown as Chart); // prettier-ignore
  const items = WAYPOINTS.map(([x, y]) => placed(CMD.WAYPOINT, placeAt(x, y), 500, 'msl'));
  editor.open(withItems(emptyPlan(), items), 'test');
  stage.several = false;
});

afterEach(() => {
  pointer.close();
  vi.unstubAllGlobals();
});

function fire(name: string, x: number, y: number, more: object = {}): void {
  const event = Object.assign(new Event(name, { cancelable: true }), {
    clientX: x, clientY: y, button: 0, isPrimary: true, pointerType: 'mouse', shiftKey: false, ctrlKey: false, metaKey: false, ...more,
  }); // prettier-ignore
  (name === 'pointerdown' ? holder : page).dispatchEvent(event);
}

function drag(from: readonly [number, number], to: readonly [number, number], more: object = {}): void {
  fire('pointerdown', ...from, more);
  fire('pointermove', (from[0] + to[0]) / 2, (from[1] + to[1]) / 2, more);
  fire('pointermove', ...to, more);
  fire('pointerup', ...to, more);
}

const tap = (at: readonly [number, number], more: object = {}): void => {
  fire('pointerdown', ...at, more);
  fire('pointerup', ...at, more);
};

/** Where the way points are, in pixels. */
const shown = (): number[][] =>
  editor.plan.mission.items.filter(isSimple).map((item) => {
    const [latitude, longitude] = placeOf(item as SimpleItem)!;
    return [Math.round(longitude / DEG_PX), Math.round(-latitude / DEG_PX)];
  });

test('items selected by shift are dragged together, in one step', () => {
  tap(WAYPOINTS[0]);
  tap(WAYPOINTS[1], { shiftKey: true });
  expect([...editor.selectedItems].sort()).toEqual([0, 1]);
  drag(WAYPOINTS[1], [200, 160]);
  expect(shown()).toEqual([[100, 160], [200, 160], [300, 100]]);
  expect([...editor.selectedItems].sort()).toEqual([0, 1]);
  editor.undo();
  expect(shown()).toEqual(WAYPOINTS.map(([x, y]) => [x, y]));
});

test('an item that is not among those selected is dragged alone', () => {
  tap(WAYPOINTS[0]);
  tap(WAYPOINTS[1], { ctrlKey: true });
  drag(WAYPOINTS[2], [300, 150]);
  expect(shown()).toEqual([[100, 100], [200, 100], [300, 150]]);
  expect(editor.selectedItems).toEqual([2]);
});

test('by a finger, taps add and take out, and a drag moves all', () => {
  const touch = { pointerType: 'touch' };
  stage.several = true;
  tap(WAYPOINTS[0], touch);
  tap(WAYPOINTS[1], touch);
  tap(WAYPOINTS[2], touch);
  tap(WAYPOINTS[2], touch);
  expect([...editor.selectedItems].sort()).toEqual([0, 1]);
  drag(WAYPOINTS[0], [100, 140], touch);
  expect(shown()).toEqual([[100, 140], [200, 140], [300, 100]]);
  tap([250, 300], touch);
  expect(stage.several).toBe(false);
});

test.each(['survey', 'fence_in', 'fence_out'] as const)('%s is dragged as a box, and the chart stays', (tool) => {
  editor.tool = tool;
  drag([50, 200], [150, 260]);
  const corners = [[50, 200], [150, 200], [150, 260], [50, 260]].map(([x, y]) => placeAt(x!, y!));
  const drawn = tool === 'survey'
    ? (editor.plan.mission.items[editor.selectedItem!] as unknown as { polygon: number[][] }).polygon
    : polygonsOf(editor.plan)[0]!.polygon;
  expect(drawn.length).toBe(4);
  drawn.forEach((place, i) => corners[i]!.forEach((side, j) => expect(place[j]).toBeCloseTo(side, 6)));
  if (tool !== 'survey') expect(polygonsOf(editor.plan)[0]!.inclusion).toBe(tool === 'fence_in');
  expect([editor.tool, editor.drawing, panning[0], panning.at(-1)]).toEqual(['select', [], false, true]);
});

test('from the first corner on clicks draw, and a drag moves the chart', () => {
  editor.tool = 'fence_in';
  tap([50, 200]);
  drag([60, 210], [150, 260]);
  expect([editor.drawing.length, polygonsOf(editor.plan).length]).toEqual([1, 0]);
  tap([150, 200]);
  tap([150, 260]);
  tap([50, 200]);
  expect(polygonsOf(editor.plan)[0]!.polygon.length).toBe(3);
});
