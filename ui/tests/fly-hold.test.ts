// A button that is pressed and held, by the clock: what confirms its card, and what only opens it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BEGINS_MS, held, holdable, LASTS_MS } from '../src/fly/commands/hold';
import { orders } from '../src/fly/commands/orders.svelte';
import type { Step } from '../src/fly/commands/actions';
import { fleet, Vehicle } from '../src/lib/vehicles.svelte';
import type { VehicleInfo } from '../src/lib/types';

const INFO: VehicleInfo = {
  id: '1', system: 1, name: 'tb2 1', autopilot: 'px4', type: 'fixed_wing', pilot: 'ann', links: [],
  modes: [], commands: [], replay: false, aircraft: null, barred: {}, cards: {},
}; // prettier-ignore
let confirmed: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', () => 0);
  confirmed = vi.spyOn(orders, 'confirm').mockResolvedValue();
});

afterEach(() => {
  orders.draft = null;
  orders.holding = false;
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function button(label: string, step: Step = label as Step) {
  const vehicle = new Vehicle(INFO);
  const target = new EventTarget();
  const open = vi.fn(() => orders.propose(vehicle, label, [step]));
  const action = held(target as HTMLElement, { label, open });
  const fire = (name: string, more: object = {}) => {
    const event = Object.assign(new Event(name, { cancelable: true }), { button: 0, isPrimary: true, ...more });
    target.dispatchEvent(event);
    return event;
  };
  return { fire, open, action, vehicle };
}

test('held to the end, the card comes up and is confirmed once', () => {
  const { fire, open } = button('arm');
  fire('pointerdown');
  vi.advanceTimersByTime(BEGINS_MS - 1);
  expect(open).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect([open.mock.calls.length, orders.holding]).toEqual([1, true]);
  vi.advanceTimersByTime(LASTS_MS - 1);
  expect(confirmed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect([confirmed.mock.calls.length, orders.holding]).toEqual([1, false]);
  // The click that ends the press opens no second card.
  fire('pointerup');
  expect(fire('click').defaultPrevented).toBe(true);
  expect(fire('click').defaultPrevented).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(confirmed).toHaveBeenCalledTimes(1);
});

test.each(['pointerup', 'pointerleave', 'pointercancel'])('let go by %s before, the card stays and asks', (end) => {
  const { fire } = button('land');
  fire('pointerdown');
  vi.advanceTimersByTime(BEGINS_MS + LASTS_MS / 2);
  fire(end);
  vi.advanceTimersByTime(10_000);
  expect([confirmed.mock.calls.length, orders.draft?.label, orders.holding]).toEqual([0, 'land', false]);
});

test('a click is no hold, nor is another button or a second finger', () => {
  const { fire, open } = button('arm');
  fire('pointerdown');
  vi.advanceTimersByTime(BEGINS_MS - 1);
  fire('pointerup');
  expect(fire('click').defaultPrevented).toBe(false);
  fire('pointerdown', { button: 2 });
  fire('pointerdown', { isPrimary: false });
  vi.advanceTimersByTime(10_000);
  expect(open).not.toHaveBeenCalled();
});

test('what has figures to type is not confirmed by holding', () => {
  const { fire, open } = button('altitude');
  fire('pointerdown');
  vi.advanceTimersByTime(10_000);
  expect([open.mock.calls.length, confirmed.mock.calls.length]).toEqual([0, 0]);
  expect(['take_off', 'altitude', 'speed', 'heading', 'disarm', 'go_here'].some(holdable)).toBe(false);
});

test('a card that cautions asks for its own button, however long it is held', () => {
  const { fire, vehicle } = button('return');
  vi.spyOn(vehicle, 'shown').mockImplementation((name) => (name === 'link_state' ? 'lost' : undefined));
  fire('pointerdown');
  vi.advanceTimersByTime(10_000);
  expect([confirmed.mock.calls.length, orders.draft?.label]).toEqual([0, 'return']);
});

test('another card that has come meanwhile is not confirmed, nor one whose button is gone', () => {
  const one = button('arm');
  one.fire('pointerdown');
  vi.advanceTimersByTime(BEGINS_MS);
  orders.propose(one.vehicle, 'land', ['land']);
  vi.advanceTimersByTime(LASTS_MS);
  const other = button('mission');
  other.fire('pointerdown');
  vi.advanceTimersByTime(BEGINS_MS);
  other.action.destroy();
  vi.advanceTimersByTime(10_000);
  expect(confirmed).not.toHaveBeenCalled();
  expect(fleet.list).toEqual([]);
});
