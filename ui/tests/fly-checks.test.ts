// Checklists: what ticks itself, what does not, which list the phase calls for; texts for all.
import { expect, test } from 'vitest';
import { CHECKLISTS, holds, listFor, stateOf } from '../src/fly/checks';
import { factsFrom } from '../src/fly/facts';
import { rangeFor } from '../src/instruments/nd';
import { roseLabel, courseText } from '../src/instruments/heading';
import { flightPath } from '../src/instruments/attitude';
import sources from '../../docs/station-sources.md?raw';
import { steps } from '../src/instruments/tape';
import { spread } from '../src/instruments/vertical';

type Messages = Record<string, string>;
const files = import.meta.glob<Messages>('../src/messages/*/{alert,check}.json', { eager: true, import: 'default' });
const texts = (language: string, area: string) => files[`../src/messages/${language}/${area}.json`]!;

test('a condition holds, does not, or cannot be told', () => {
  const facts = factsFrom({ a: 5, b: 4, text: '3d', flags: 0b101011 });
  expect(holds({ quantity: 'a', above: 4 }, facts)).toBe(true);
  expect(holds({ quantity: 'a', above_quantity: 'b', times: 2 }, facts)).toBe(false);
  expect(holds({ quantity: 'a', above_quantity: 'c' }, facts)).toBeUndefined();
  expect(holds({ quantity: 'flags', bits: 35 }, facts)).toBe(true);
  expect(holds({ quantity: 'flags', bits: 64 }, facts)).toBe(false);
  expect(holds({ quantity: 'text', one_of: ['2d', '3d'] }, facts)).toBe(true);
  expect(holds({ quantity: 'none', is: true }, facts)).toBeUndefined();
});

test('an item is told by the aircraft, or ticked by hand where it does not report', () => {
  const item = { id: 'link', when: [{ quantity: 'link_state', is: 'up' }, { quantity: 'link_loss', below: 0.05 }] };
  expect(stateOf(item, factsFrom({ link_state: 'up', link_loss: 0.01 }), false)).toBe('told');
  expect(stateOf(item, factsFrom({ link_state: 'up', link_loss: 0.5 }), true)).toBe('not_yet');
  expect(stateOf(item, factsFrom({ link_state: 'up' }), false)).toBe('open');
  expect(stateOf(item, factsFrom({ link_state: 'up' }), true)).toBe('ticked');
  expect(stateOf({ id: 'hand' }, factsFrom({}), true)).toBe('ticked');
});

test('the list follows the flight', () => {
  const list = (table: Parameters<typeof factsFrom>[0]) => listFor(factsFrom(table)).id;
  expect(list({ phase: 'parked' })).toBe('before_start');
  expect(list({ phase: 'ready' })).toBe('before_take_off');
  expect(list({ phase: 'climb', flight_time_s: 100 })).toBe('after_take_off');
  expect(list({ phase: 'climb', flight_time_s: 40_000 })).toBe('cruise');
  expect(list({ phase: 'descent', height_above_home: 3000 })).toBe('cruise');
  expect(list({ phase: 'descent', height_above_home: 500 })).toBe('before_landing');
  expect(list({ phase: 'parked', flight_time_s: 4000 })).toBe('after_landing');
  // Of a flight log, whose phases are finer.
  const log = ['parked', 'rotation', 'en route', 'gliding', 'flare', 'dead-stick final', 'roll-out', 'stopped'];
  expect(log.map((phase) => list({ phase }))).toEqual([
    'before_start', 'after_take_off', 'cruise', 'cruise', 'before_landing', 'before_landing', 'after_landing', 'after_landing',
  ]); // prettier-ignore
});

test('each list, item, alert of the station has its texts in each language', () => {
  const alerts = sources.split('## Alerts')[1]!.matchAll(/^\| `(\w+)` \|/gm);
  const keys = [...alerts].flatMap(([, key]) => [`alert.${key}.what`, `alert.${key}.do`]);
  expect(keys.length).toBeGreaterThan(50);
  const checks = CHECKLISTS.flatMap((list) => [`check.${list.id}`, ...list.items.map((item) => `check.${list.id}.${item.id}`)]);
  for (const language of ['en', 'tr', 'uk']) {
    expect(keys.filter((key) => !(key in texts(language, 'alert')))).toEqual([]);
    expect(checks.filter((key) => !(key in texts(language, 'check')))).toEqual([]);
  }
});

test('roses are labelled as on instruments', () => {
  expect([0, 30, 90, 240, 270, 350, -10].map(roseLabel)).toEqual(['N', '03', 'E', '24', 'W', '35', '35']);
  expect(courseText(-0.001)).toBe('000');
  expect(courseText(Math.PI)).toBe('180');
});

test('the flight path is drift and climb angle', () => {
  const path = flightPath(factsFrom({ ground_speed: 40, climb_rate: 4, course: 0.1, heading: 6.2 }))!;
  expect(path.up).toBeCloseTo(0.0997, 4);
  expect(path.right).toBeCloseTo(0.1832, 4);
  expect(flightPath(factsFrom({ ground_speed: 0, climb_rate: 0 }))).toBeUndefined();
});

test('scales: labelled lines keep apart, vertical speed opens near zero, ranges hold the target', () => {
  for (const [span, height] of [[60, 300], [900, 300], [900, 150], [30, 250], [300, 400]] as const) {
    const { minor, major } = steps(span, height);
    expect((major / span) * height).toBeGreaterThan(40);
    expect((major / span) * height).toBeLessThan(160);
    expect(Number.isInteger(Math.round((major / minor) * 1e6) / 1e6)).toBe(true);
  }
  expect(spread(0.25)).toBe(0.5);
  expect(spread(-4)).toBe(-1);
  expect(rangeFor(30 * 1852, 'aviation')).toBe(40);
  expect(rangeFor(undefined, 'aviation')).toBe(10);
});
