// A button that is pressed and held: the card shows what it does meanwhile, and is confirmed at the
// end, as QGroundControl's are. Let go before, the card stays and asks.

import { fleet } from '../../lib/vehicles.svelte';
import { factsOf } from '../facts';
import { orders } from './orders.svelte';
import { cautions } from './preview';

/** Held so long, a press is no click any more; then so long until the card is confirmed [ms]. */
export const BEGINS_MS = 250;
export const LASTS_MS = 1000;

/** What is confirmed by holding has nothing to be typed, and leaves the engine as it is. */
const HELD: ReadonlySet<string> = new Set([
  'arm', 'mission', 'return', 'land', 'go_around', 'start_mission', 'resume',
]); // prettier-ignore

export const holdable = (label: string): boolean => HELD.has(label);

/** `open` puts the card up. Where it cautions, it asks for its own button. */
export function held(button: HTMLElement, given: { label: string; open: () => void }): { update: (next: typeof given) => void; destroy: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opened = false;
  const end = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, take: (event: HTMLElementEventMap[K]) => void): void =>
    button.addEventListener(name, take, { capture: true, signal: end.signal });

  function begin(): void {
    const { open } = given;
    open();
    const { draft } = orders;
    if (!draft) return;
    opened = true;
    if (cautions(draft.steps, factsOf(draft.vehicle), draft, undefined).length > 0) return;
    orders.holding = true;
    timer = setTimeout(() => {
      orders.holding = false;
      if (orders.draft === draft) void orders.confirm();
    }, LASTS_MS);
  }

  function release(): void {
    clearTimeout(timer);
    if (orders.holding) fleet.redraw();
    orders.holding = false;
  }

  on('pointerdown', (event) => {
    opened = false;
    if (event.button !== 0 || !event.isPrimary || !holdable(given.label)) return;
    timer = setTimeout(begin, BEGINS_MS);
  });
  for (const name of ['pointerup', 'pointerleave', 'pointercancel'] as const) on(name, release);
  on('contextmenu', (event) => opened && event.preventDefault());
  // The card is there already: the click that ends the press opens no second one.
  on('click', (event) => {
    if (!opened) return;
    opened = false;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    update: (next) => (given = next),
    destroy: () => {
      release();
      end.abort();
    },
  };
}
