// The watch: countdowns by either clock, what waits, sticks of a pad, plots' units, the log's period.
import { expect, test } from 'vitest';
import { asField, fromField, MOST_ROWS, notesWithin, within } from '../src/journal/print';
import type { Entry, Note, Timer } from '../src/lib/types';
import { centred, FIRST, outOfBand, remembered, sticksOf } from '../src/manual/gamepad';
import { fitting, kindOf, plottable, scaleOf } from '../src/plots/quantities';
import { countdown, left, ofVehicle, period, unsigned, waiting } from '../src/watch/timers';
import wire from '../../docs/station-sources.md?raw';

const timer = (change: Partial<Timer>): Timer => ({
  id: 1, vehicle: '1', name: 'Sweep', checklist: null, period_s: 600, repeats: false, due_s: 1600, by: 'ann',
  clock: 'vehicle', due: false, ...change,
}); // prettier-ignore
const note = (change: Partial<Note>): Note => ({
  id: 1, vehicle: '1', vehicle_name: 'tb2 1', text: 'a', by: 'ann', written_s: 100, vehicle_time_s: null, signed_by: null,
  signed_s: null, signed_vehicle_time_s: null, ...change,
}); // prettier-ignore

test('what is left goes by the clock that the timer goes by', () => {
  expect(left(timer({}), 1000, 99)).toBe(600);
  expect(left(timer({ clock: 'station' }), 1000, 1700)).toBe(-100);
  expect(left(timer({ due_s: null }), 1000, 99)).toBeUndefined();
  expect(left(timer({}), undefined, 99)).toBeUndefined();
  expect([0, 0.2, 59.5, 61, 3599, 3600, 97_200].map(countdown)).toEqual(
    ['0:00', '0:01', '1:00', '1:01', '59:59', '1:00:00', '27:00:00'],
  ); // prettier-ignore
});

test('a period is told without minutes that are none', () => {
  expect([1200, 3600, 5400].map(period)).toEqual(['20\u00a0min', '1\u00a0h', '1\u00a0h\u00a030\u00a0min']);
});

test('the next timer stands first, and due ones and unsigned notes wait', () => {
  const timers = [timer({ id: 1, due_s: null }), timer({ id: 2, due_s: 9 }), timer({ id: 3, due_s: 5, due: true }), timer({ id: 4, vehicle: '2', due: true })];
  expect(ofVehicle(timers, '1').map(({ id }) => id)).toEqual([3, 2, 1]);
  const notes = [note({ id: 1 }), note({ id: 2, signed_by: 'bob' }), note({ id: 3, vehicle: null }), note({ id: 4, vehicle: '2' })];
  expect(unsigned(notes, '1').map(({ id }) => id)).toEqual([1, 3]);
  expect(waiting(timers, notes, '1')).toBe(3);
});

// Left stick X, Y, right stick X, Y; right and down are positive (W3C Gamepad, standard layout).
test.each([
  [2, [0, -1, 0, 0], { throttle: 1 }],
  [2, [1, 0, 0, 0], { yaw: 1 }],
  [2, [0, 0, 0, -1], { pitch: 1 }],
  [2, [0, 0, -1, 0], { roll: -1 }],
  [1, [0, -1, 0, 0], { pitch: 1 }],
  [1, [0, 0, 0, 1], { throttle: 0 }],
  [3, [1, 0, 0, 0], { roll: 1 }],
  [3, [0, 0, 1, 0], { yaw: 1 }],
  [4, [1, -1, 0, 0], { roll: 1, throttle: 1 }],
  [4, [0, 0, 1, 1], { yaw: 1, pitch: -1 }],
] as const)('mode %i, axes %j', (mode, axes, moved) => {
  expect(sticksOf(axes, { ...FIRST, mode })).toEqual({ roll: 0, pitch: 0, yaw: 0, throttle: 0.5, ...moved });
});

test('a dead band has no step at its edge and full travel at the end', () => {
  expect([0, 0.06, -0.06, 1, -1, 1.4].map((value) => outOfBand(value, 0.06))).toEqual([0, 0, 0, 1, -1, 1]);
  expect(outOfBand(0.061, 0.06)).toBeLessThan(0.002);
  expect(outOfBand(0.53, 0.06)).toBeCloseTo(0.5, 12);
});

test('a stick is reversed, a pad without two sticks has none, settings that are none are the first', () => {
  const reverse = { ...FIRST.reverse, pitch: true };
  expect(sticksOf([0, 0, 0, -1], { ...FIRST, reverse })?.pitch).toBe(-1);
  expect(sticksOf([0, 0], FIRST)).toBeUndefined();
  expect(sticksOf([0, NaN, 0, 0], FIRST)).toBeUndefined();
  expect(centred(sticksOf([0.05, -1, 0, 0], FIRST)!)).toBe(true);
  expect(centred(sticksOf([0.2, 0, 0, 0], FIRST)!)).toBe(false);
  expect(remembered('{"mode": 7, "deadBand": 3}')).toEqual(FIRST);
  expect(remembered('nonsense')).toEqual(FIRST);
  expect(remembered('{"mode": 4, "deadBand": 0.1}')).toEqual({ ...FIRST, mode: 4, deadBand: 0.1 });
});

const table = [...wire.matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|/gm)].map(([, name, unit, meaning]) => ({
  name: name!, unit: unit!.trim(), meaning: meaning!.trim(), source: '', panel: '',
})); // prettier-ignore

test('every quantity of the station is plotted in a unit of the reader', () => {
  expect(table.length).toBeGreaterThan(100);
  const names = plottable(table).map(({ name }) => name);
  expect(names).toContain('fuel_remaining_kg');
  expect(names).not.toContain('mode');
  const of = (name: string) => table.find((one) => one.name === name)!;
  expect(scaleOf(of('altitude_msl'), 'aviation')).toMatchObject({ unit: 'ft' });
  expect(scaleOf(of('altitude_msl'), 'aviation').of(304.8)).toBeCloseTo(1000);
  expect(scaleOf(of('cylinder_temperature'), 'metric').of(373.15)).toBeCloseTo(100);
  expect(scaleOf(of('endurance_s'), 'metric').of(3600)).toBe(60);
  expect(scaleOf(of('roll_rate'), 'metric').unit).toBe('°/s');
  expect(scaleOf(of('engine_speed'), 'metric').unit).toBe('rpm');
  expect(kindOf(of('way_home'))).toBe('distance');
  expect(kindOf(of('wind_speed'))).toBe('wind_speed');
});

test('quantities are found by words of their label and their meaning', () => {
  expect(fitting(table, 'oil temp').map(({ name }) => name)).toContain('oil_temperature');
  expect(fitting(table, 'AGL').map(({ name }) => name)).toContain('height_above_ground');
  expect(fitting(table, 'no such thing')).toEqual([]);
});

test('the log of a period has every entry in it, page by page, and says where it is cut', async () => {
  const entries = (count: number) => Array.from({ length: count }, (_, n) => ({ id: n + 1, time_s: n }) as Entry);
  const server = (all: Entry[]) => async (query: string) => {
    const given = new URLSearchParams(query);
    const before = Number(given.get('before') ?? Infinity);
    return all.filter(({ id }) => id < before).reverse().slice(0, Number(given.get('limit')));
  };
  const some = await within(500, 2600, '', server(entries(3000)));
  expect([some.entries.length, some.entries[0]!.time_s, some.entries.at(-1)!.time_s, some.cut]).toEqual([2100, 500, 2599, false]);
  const most = await within(0, 1e9, '', server(entries(MOST_ROWS + 1500)));
  expect([most.entries.length, most.entries.at(-1)!.id, most.cut]).toEqual([MOST_ROWS, MOST_ROWS + 1500, true]);
  expect((await within(0, 9, '', server([]))).entries).toEqual([]);
});

test('a period is UTC, and has the notes that were written or signed in it', () => {
  expect(fromField(asField(1_764_518_880))).toBe(1_764_518_880);
  expect(fromField('')).toBeUndefined();
  const notes = [note({ id: 3, written_s: 50 }), note({ id: 1, written_s: 5, signed_s: 60 }), note({ id: 2, written_s: 5 }), note({ id: 4, written_s: 50, vehicle: '2' })];
  expect(notesWithin(notes, 10, 100, '1').map(({ id }) => id)).toEqual([1, 3]);
  expect(notesWithin(notes, 10, 100, '').map(({ id }) => id)).toEqual([1, 3, 4]);
});
