// What a click with each tool does.

import { inverse } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { CMD } from '../document/commands';
import type { Datum } from '../document/document';
import { altitudeBefore, insert, newItem, slotFor } from '../document/edits';
import { addCircle, addPolygon, addRally, circlesOf, polygonsOf, ralliesOf } from '../document/fence';
import { judge } from '../judging/judge.svelte';
import { proceduresOf } from '../patterns/runway';
import { surveyEntry } from '../patterns/survey';
import { editor } from './editor.svelte';
import type { Tool } from './editor.svelte';
import { stage } from './stage.svelte';

export const POLYGON_TOOLS: Tool[] = ['survey', 'fence_in', 'fence_out'];
const CIRCLE_RADIUS = 2000;
const RALLY_HEIGHT = 300; // m above home
const SAME = 0.5; // m

export const drawsPolygon = (): boolean => POLYGON_TOOLS.includes(editor.tool);
export const drawsCircle = (): boolean => editor.tool === 'circle_in' || editor.tool === 'circle_out';

export function clickAt(place: Place): void {
  const { tool } = editor;
  if (drawsPolygon()) editor.drawing = [...editor.drawing, place];
  else if (tool === 'waypoint') addWaypoint(place);
  else if (tool === 'rally') {
    const plan = addRally(editor.plan, place, RALLY_HEIGHT);
    editor.apply('rally', plan, { part: 'rally', index: ralliesOf(plan).length - 1 });
  } else if (tool === 'search') stage.dialog = { kind: 'search', start: place };
  else editor.selection = null;
}

/** What a click at the chart's middle would do, for who has no pointer; twice at one place ends a polygon. */
export function aimAt(place: Place): void {
  const last = editor.drawing.at(-1);
  if (drawsCircle()) addCircleAt(place, 0);
  else if (drawsPolygon() && last && inverse(last, place).distance < SAME) finishDrawing();
  else clickAt(place);
}

export function addWaypoint(place: Place, slot = slotFor(editor.plan, editor.selectedItem)): void {
  editor.applyItems('add', insert(editor.plan, slot, [newItem(editor.plan, slot, CMD.WAYPOINT, place)]));
}

export function addCircleAt(place: Place, radius: number): void {
  const plan = addCircle(editor.plan, place, Math.round(radius) || CIRCLE_RADIUS, editor.tool === 'circle_in');
  editor.apply('fence', plan, { part: 'circle', index: circlesOf(plan).length - 1 });
  editor.tool = 'select';
  stage.tab = 'area';
}

/** Make of the corners drawn what the tool is for. */
export function finishDrawing(): void {
  const corners = editor.drawing;
  editor.drawing = [];
  if (corners.length >= 3) {
    if (editor.tool === 'survey') addSurvey(corners);
    else {
      const plan = addPolygon(editor.plan, corners, editor.tool === 'fence_in');
      editor.apply('fence', plan, { part: 'polygon', index: polygonsOf(plan).length - 1 });
      stage.tab = 'area';
    }
  }
  editor.tool = 'select';
}

function addSurvey(polygon: Place[]): void {
  const slot = slotFor(editor.plan, editor.selectedItem);
  const { altitude, datum } = altitudeBefore(editor.plan, slot);
  // Neighbouring tracks a circle's width apart: the aircraft turns from one into the next.
  const spacing = proceduresOf(judge.kind).loiter_radius;
  const entry = surveyEntry({
    polygon,
    spacing,
    angle: longestSide(polygon),
    altitude,
    datum: surveyDatum(datum),
    turnaround: spacing / 2,
    entry: 0,
  });
  editor.applyItems('survey', insert(editor.plan, slot, [entry]));
  stage.tab = 'mission';
}

const surveyDatum = (datum: Datum): 'msl' | 'home' => (datum === 'home' ? 'home' : 'msl');

/** Tracks along the longest side need the fewest turns. */
function longestSide(polygon: Place[]): number {
  const sides = polygon.map((place, i) => inverse(place, polygon[(i + 1) % polygon.length]!));
  const longest = sides.reduce((best, side) => (side.distance > best.distance ? side : best));
  return longest.course % Math.PI;
}
