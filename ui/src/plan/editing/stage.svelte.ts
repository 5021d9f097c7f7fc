// What the plan view shows beside the document: dialogs, what is pointed at, what is folded away.

import type { Place } from '../../map/geodesy';

export type Dialog =
  | { kind: 'library' }
  | { kind: 'runway'; purpose: 'takeoff' | 'landing' }
  | { kind: 'search'; start: Place }
  | { kind: 'help' }
  | { kind: 'vehicle' }
  | { kind: 'faults'; title: string; text: string; faults: string[] }
  | { kind: 'conflict' }
  | { kind: 'unsaved'; go: () => void };

export interface Menu {
  x: number;
  y: number;
  place: Place;
  entry: number | null; // item under the finger
  leg: number | null; // entry that the leg under the finger leads to
}

class Stage {
  dialog: Dialog | null = $state.raw(null);
  menu: Menu | null = $state.raw(null);
  /** A place along the way that map and profile both show. */
  pointed: { place: Place | null; time_s: number } | null = $state.raw(null);
  folded = $state({ list: false, judge: false, profile: false });
  /** A tap adds an item to those selected, or takes it out. */
  several = $state(false);
  tab: 'mission' | 'area' = $state('mission');
  /** Told to the chart: show this place. */
  look: { place: Place; count: number } | null = $state.raw(null);

  lookAt(place: Place): void {
    this.look = { place, count: (this.look?.count ?? 0) + 1 };
  }

  close(): void {
    this.dialog = null;
  }
}

export const stage = new Stage();
