// What dragging each thing on the chart does to the document.

import { distance, rounded } from '../../map/geodesy';
import type { Place } from '../../map/geodesy';
import { CMD } from '../document/commands';
import { withHome, homeOf } from '../document/document';
import type { ComplexItem, PlanDocument } from '../document/document';
import { insert, moveTo, moveTogether, newItem, replaceAt } from '../document/edits';
import { addCorner, circlesOf, moveCorner, ralliesOf, setCircle, setRally } from '../document/fence';
import { editor } from '../editing/editor.svelte';
import type { Selection } from '../editing/editor.svelte';
import { settingOf, surveyEntry } from '../patterns/survey';
import type { Hit } from './mapHits';

export interface Grip {
  selection: Selection | null;
  /** Puts what is held at a place; `merge` makes one step of a whole drag. */
  to: (place: Place, merge: string) => void;
}

let grips = 0;

/** Take hold of what was hit. A handle becomes a new item, a side a new corner, when it moves. */
export function grip(hit: Hit): Grip {
  const merge = `drag-${++grips}`;
  const put = (label: string, change: (plan: PlanDocument, place: Place) => PlanDocument, selection: Selection | null): Grip => ({
    selection,
    to: (place) => editor.apply(label, change(editor.plan, place), selection ?? editor.selection, merge),
  });
  switch (hit.what) {
    case 'item':
      return put('move', (plan, place) => moveTogether(plan, editor.selectedItems, hit.entry, place), together(hit.entry));
    case 'insert':
      return inserting(hit.entry, merge);
    case 'survey':
      return put('survey', (plan, place) => withSurveyCorner(plan, hit.entry, hit.corner, place), { part: 'item', index: hit.entry });
    case 'home':
      return put('home', (plan, place) => withHome(plan, rounded(place), homeOf(plan)?.elevation ?? null), null);
    case 'rally':
      return put('rally', (plan, place) => setRally(plan, hit.index, place, ralliesOf(plan)[hit.index]![2]), { part: 'rally', index: hit.index });
    case 'corner':
      return put('fence', (plan, place) => moveCorner(plan, hit.index, hit.corner, place), { part: 'polygon', index: hit.index });
    case 'side':
      return cornering(hit.index, hit.corner, merge);
    case 'centre':
      return put('fence', (plan, place) => setCircle(plan, hit.index, { center: rounded(place) }), { part: 'circle', index: hit.index });
    case 'rim':
      return put('fence', (plan, place) => {
        const radius = Math.max(Math.round(distance(circlesOf(plan)[hit.index]!.circle.center, place)), 10);
        return setCircle(plan, hit.index, { radius });
      }, { part: 'circle', index: hit.index });
  }
}

/** An item that is selected with others keeps them; any other is selected alone. */
function together(entry: number): Selection {
  const held = editor.selectedItems;
  return { part: 'item', index: entry, ...(held.includes(entry) ? { also: held.filter((i) => i !== entry) } : {}) };
}

function inserting(entry: number, merge: string): Grip {
  let inserted = false;
  return {
    selection: editor.selection,
    to: (place) => {
      if (inserted) return editor.apply('insert', moveTo(editor.plan, entry, place), editor.selection, merge);
      inserted = true;
      editor.applyItems('insert', insert(editor.plan, entry, [newItem(editor.plan, entry, CMD.WAYPOINT, place)]), merge);
    },
  };
}

function cornering(index: number, corner: number, merge: string): Grip {
  let added = false;
  return {
    selection: { part: 'polygon', index },
    to: (place) => {
      const plan = added ? moveCorner(editor.plan, index, corner + 1, place) : addCorner(editor.plan, index, corner, place);
      added = true;
      editor.apply('fence', plan, editor.selection, merge);
    },
  };
}

function withSurveyCorner(plan: PlanDocument, entry: number, corner: number, place: Place): PlanDocument {
  const old = plan.mission.items[entry] as ComplexItem;
  const setting = settingOf(old);
  if (!setting) return plan;
  const polygon = setting.polygon.map((was, i) => (i === corner ? rounded(place) : was));
  return replaceAt(plan, entry, surveyEntry({ ...setting, polygon }, old));
}
