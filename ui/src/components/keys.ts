// Keys that work in every view; a field that is being typed in keeps its keys to itself.

import { drawer } from '../instructor/drawer.svelte';
import { connection } from '../lib/session.svelte';
import { place, VIEWS } from '../lib/place.svelte';
import { fleet } from '../lib/vehicles.svelte';

/** What is listed in the settings: keys, and the message that says what they do. */
export const SHORTCUTS: { keys: string[]; does: string }[] = [
  { keys: ['1', '…', '9'], does: 'settings.key.vehicle' },
  { keys: ['Shift', '1', '…', '7'], does: 'settings.key.view' },
  { keys: ['I'], does: 'settings.key.instructor' },
  { keys: ['Esc'], does: 'settings.key.escape' },
  { keys: ['Space'], does: 'settings.key.play' },
  { keys: ['←', '→'], does: 'settings.key.seek' },
  { keys: ['Shift', '←', '→'], does: 'settings.key.event' },
  { keys: ['↑', '↓'], does: 'settings.key.speed' },
];

/** True where the key belongs to a field or a dialog. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return !!target?.closest('input, select, textarea, [contenteditable], dialog, [role=dialog]');
}

export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit && event.shiftKey) {
    const view = VIEWS[Number(digit) - 1];
    if (view) place.go(view);
  } else if (digit) {
    const live = fleet.list.filter((vehicle) => !vehicle.info.replay);
    const vehicle = live[Number(digit) - 1];
    if (!vehicle || place.view === 'replay') return;
    fleet.selectedId = vehicle.info.id;
  } else if (event.code === 'KeyI' && drawer.allowed(connection)) {
    drawer.open = !drawer.open;
  } else return;
  event.preventDefault();
}
