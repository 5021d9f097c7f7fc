// The document being edited. It outlives the view, so that looking at another one loses nothing.

import type { Place } from '../../map/geodesy';
import { emptyPlan, isSimple, placeOf } from '../document/document';
import type { PlanDocument, SimpleItem } from '../document/document';
import type { Edited } from '../document/edits';
import { flatItems, isPlacedCommand } from '../document/flat';
import { done, noHistory, redone, sealed, undone } from '../document/history';

/** What is selected: an item of the mission, a fence, or a rally point. */
export type Part = 'item' | 'polygon' | 'circle' | 'rally';
export interface Selection {
  part: Part;
  index: number;
  /** Items selected besides, to be moved or deleted together. */
  also?: number[];
}

export type Tool =
  | 'select' | 'waypoint' | 'survey' | 'search' | 'fence_in' | 'fence_out' | 'circle_in' | 'circle_out' | 'rally';

interface Version {
  plan: PlanDocument;
  selection: Selection | null;
}

class Editor {
  plan: PlanDocument = $state.raw(emptyPlan());
  selection: Selection | null = $state.raw(null);
  name = $state('');
  /** In the station's library: its id and version. */
  stored: { id: string | number; version: unknown } | null = $state.raw(null);
  tool: Tool = $state('select');
  /** Corners of a polygon while it is drawn. */
  drawing: Place[] = $state.raw([]);
  /** Counts documents that were opened: views fit the chart to each once. */
  opened = $state(0);
  private history = $state.raw(noHistory<Version>());
  private kept: PlanDocument = $state.raw(this.plan);
  private keptName = $state('');

  readonly dirty = $derived(this.plan !== this.kept || this.name !== this.keptName);
  readonly flat = $derived(flatItems(this.plan));
  readonly canUndo = $derived(this.history.past.length > 0);
  readonly canRedo = $derived(this.history.future.length > 0);
  readonly undoLabel = $derived(this.history.past.at(-1)?.label ?? '');
  readonly redoLabel = $derived(this.history.future[0]?.label ?? '');

  get selectedItem(): number | null {
    return this.selection?.part === 'item' ? this.selection.index : null;
  }

  /** Every selected item, the one being edited first. */
  get selectedItems(): number[] {
    return this.selection?.part === 'item' ? [this.selection.index, ...(this.selection.also ?? [])] : [];
  }

  /** Add an item to the selection, or take it out. */
  toggleItem(index: number): void {
    const held = this.selectedItems;
    const [first, ...also] = held.includes(index) ? held.filter((i) => i !== index) : [index, ...held];
    this.selection = first === undefined ? null : { part: 'item', index: first, also };
  }

  /** Select all from the item being edited to another one. */
  extendTo(index: number): void {
    const from = this.selectedItem ?? index;
    const also = Array.from({ length: Math.abs(index - from) }, (_, i) => (from < index ? from + 1 + i : from - 1 - i));
    this.selection = { part: 'item', index: from, also };
  }

  /** Take a document as it is: from a file, the library or a vehicle. */
  open(plan: PlanDocument, name: string, stored: Editor['stored'] = null, saved = true): void {
    this.plan = plan;
    this.name = name;
    this.stored = stored;
    this.selection = null;
    this.drawing = [];
    this.tool = 'select';
    this.history = noHistory();
    this.kept = saved ? plan : emptyPlan();
    this.keptName = name;
    this.opened += 1;
  }

  saved(stored: NonNullable<Editor['stored']>): void {
    this.stored = stored;
    this.kept = this.plan;
    this.keptName = this.name;
  }

  apply(label: string, plan: PlanDocument, selection: Selection | null = this.selection, merge: string | null = null): void {
    if (plan === this.plan) return;
    const before = { plan: this.plan, selection: this.selection };
    this.history = done(this.history, { label, before, after: { plan, selection }, merge });
    this.plan = plan;
    this.selection = selection;
  }

  applyItems(label: string, { plan, selected }: Edited, merge: string | null = null): void {
    this.apply(label, plan, selected === null ? null : { part: 'item', index: selected }, merge);
  }

  seal(): void {
    this.history = sealed(this.history);
  }

  undo(): void {
    const found = undone(this.history);
    if (found) this.show(found.history, found.step.before);
  }

  redo(): void {
    const found = redone(this.history);
    if (found) this.show(found.history, found.step.after);
  }

  private show(history: typeof this.history, { plan, selection }: Version): void {
    this.history = history;
    this.plan = plan;
    this.selection = selection;
  }

  select(part: Part, index: number): void {
    this.selection = { part, index };
  }

  selectItem(index: number | null): void {
    this.selection = index === null ? null : { part: 'item', index };
  }

  places(): { entry: number; place: Place }[] {
    return this.flat.flatMap(({ entry, item }) => {
      const place = isPlacedCommand(item) ? placeOf(item) : null;
      return place ? [{ entry, place }] : [];
    });
  }

  simple(index: number): SimpleItem | null {
    const entry = this.plan.mission.items[index];
    return isSimple(entry) ? entry : null;
  }
}

export const editor = new Editor();
