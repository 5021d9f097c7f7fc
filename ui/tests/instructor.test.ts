import { describe, expect, it } from 'vitest';
import { asChoices, bodyOf, endingOf, standingText, wrongWith } from '../src/instructor/faults';
import { argumentsText, calledOnes, filtered, joined, whatOf } from '../src/journal/entries';
import alerts from '../src/messages/en/alert.json';
import type { Argument } from '../src/instructor/simulation.svelte';
import type { Entry } from '../src/lib/types';

const argument = (given: Partial<Argument>): Argument => ({
  name: 'channel',
  meaning: '',
  unit: '',
  minimum: 0,
  maximum: 0,
  whole: false,
  choices: [],
  optional: true,
  ...given,
});
const CHANNEL = argument({ maximum: 2, whole: true });
const RATE = argument({ name: 'rate', maximum: 1, optional: false });
const SERVO = argument({ name: 'servo', choices: ['left', 'right'], optional: false });

describe('the form of a fault', () => {
  it('refuses what the simulation would refuse', () => {
    expect(wrongWith(CHANNEL, '')).toBe('');
    expect(wrongWith(CHANNEL, '1.5')).toBe('instructor.wrong.whole');
    expect(wrongWith(CHANNEL, '3')).toBe('instructor.wrong.range');
    expect(wrongWith(RATE, '')).toBe('instructor.wrong.missing');
    expect(wrongWith(RATE, 'much')).toBe('instructor.wrong.number');
    expect(wrongWith(RATE, '0.02')).toBe('');
    expect(wrongWith(SERVO, 'tail')).toBe('instructor.wrong.choice');
  });

  it('sends numbers as numbers, choices as texts, and leaves out what is empty', () => {
    expect(bodyOf('servo', [SERVO, RATE, CHANNEL], { servo: 'left', rate: '0.02' })).toEqual({
      name: 'servo',
      servo: 'left',
      rate: 0.02,
    });
  });

  it('offers a few whole numbers to choose from, and asks to type where there are many', () => {
    expect(asChoices(CHANNEL)).toEqual(['0', '1', '2']);
    expect(asChoices(argument({ whole: true, maximum: 61 }))).toEqual([]);
    expect(asChoices(RATE)).toEqual([]);
  });

  it('ends the part that stands', () => {
    const standing = { name: 'servo', servo: 'left', position: 0.1 };
    expect(endingOf(standing, [SERVO, argument({ name: 'position' })])).toEqual({ name: 'servo', servo: 'left' });
    expect(standingText(standing)).toBe('servo left, position 0.1');
    expect(standingText({ name: 'engine', index: 1 })).toBe('engine 1');
  });
});

describe('the journal', () => {
  const entry = (id: number, given: Partial<Entry> = {}): Entry => ({
    id,
    time_s: id,
    user: 'watch',
    vehicle: '1',
    kind: 'command',
    name: 'hold',
    arguments: {},
    result: 'pending',
    text: '',
    vehicle_name: null,
    vehicle_time_s: null,
    ...given,
  });

  it('shows each entry once, the later word on it, the newest first', () => {
    const list = joined([entry(1), entry(2)], [entry(3), entry(2, { result: 'accepted' })]);
    expect(list.map((one) => [one.id, one.result])).toEqual([
      [3, 'pending'],
      [2, 'accepted'],
      [1, 'pending'],
    ]);
  });

  it('is narrowed by vehicle and by every word', () => {
    const list = [entry(1), entry(2, { vehicle: '2' }), entry(3, { arguments: { altitude_msl: 1200 } })];
    expect(filtered(list, { vehicle: '2', name: null }, '', 'metric').map((one) => one.id)).toEqual([2]);
    expect(filtered(list, null, 'HOLD 1200', 'metric').map((one) => one.id)).toEqual([3]);
  });

  it('knows a vehicle by the names that it had then, whatever it is called now', () => {
    const list = [
      entry(1, { vehicle_name: 'px4 1' }),
      entry(2, { vehicle_name: 'TB2 1' }),
      entry(3, { vehicle: '10', vehicle_name: 'TB2 10' }),
      entry(4, { vehicle: null }),
      entry(5), // older than names
      entry(6, { vehicle: '7' }), // never had one
    ];
    const ones = calledOnes([{ vehicle: '1', name: 'old' }, { vehicle: '1', name: 'px4 1' }], list);
    expect(ones.map((one) => one.name)).toEqual(['old', 'px4 1', 'TB2 1', null, 'TB2 10']);
    expect(filtered(list, ones[1]!, '', 'metric').map((one) => one.id)).toEqual([1, 5]);
    expect(filtered(list, null, 'tb2', 'metric').map((one) => one.id)).toEqual([2, 3]);
  });

  it('says what was done and acknowledged in words', () => {
    expect(whatOf({ kind: 'command', name: 'go_here' })).toBe('Go here');
    expect(whatOf({ kind: 'alert', name: 'acknowledge' })).toBe('acknowledge');
    expect(whatOf({ kind: 'control', name: 'take' })).toBe('take control');
    expect(whatOf({ kind: 'parameter', name: 'land' })).toBe('land');
    expect(argumentsText({ arguments: { alert: 'engine_stopped' } }, 'metric')).toBe(`alert ${alerts['alert.engine_stopped.what']}`);
    expect(argumentsText({ arguments: { item: 3 } }, 'metric')).toBe('item 3');
  });

  it("says what was given in the reader's words and units, and nothing of what was left open", () => {
    const text = (given: Entry['arguments'], units: 'aviation' | 'metric' = 'aviation') =>
      argumentsText({ arguments: given }, units).replaceAll('\u00a0', ' ');
    expect(text({ altitude_msl: 2133.6, radius: -500 })).toBe('altitude MSL 7000 ft, radius \u22121640 ft');
    expect(text({ altitude_msl: 2133.6 }, 'metric')).toBe('altitude MSL 2134 m');
    expect(text({ course: Math.PI / 2, airspeed: 36 })).toBe('course 090°, airspeed 70 kt');
    expect(text({ latitude_deg: 36.1, longitude_deg: -32.5, altitude_msl: null })).toBe('36.10000° N 32.50000° W');
    expect(text({ speed_m_s: 10, direction_deg: 45 })).toBe('wind speed 19 kt, wind from 045°');
    expect(text({ pilot: 'ann', before: null })).toBe('pilot ann');
    expect(text({ roles: ['observer', 'pilot'], constructor: 1, at: [1, 2] })).toBe(
      'roles observer + pilot, constructor 1, at [1,2]',
    );
  });
});
