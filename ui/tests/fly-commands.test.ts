// What may be commanded when, what is asked first, and what the first button does.
import { expect, test } from 'vitest';
import { ACTIONS, doesKey, primary, why, type Situation } from '../src/fly/commands/actions';
import { cautions, preview, timeTo, windParts } from '../src/fly/commands/preview';
import { factsFrom } from '../src/fly/facts';
import type { Value } from '../src/lib/types';

const ALL = ACTIONS.map((action) => action.name);
const situation = (table: Record<string, Value>, more: Partial<Situation> = {}): Situation => ({
  facts: factsFrom(table),
  user: 'ada',
  pilotRole: true,
  pilot: 'ada',
  replay: false,
  commands: ALL,
  barred: {},
  cards: {},
  alerts: [],
  station: true,
  ...more,
});
const PARKED = { landed_state: 'on_ground', armed: false, mission_count: 12, ready_to_arm: true };
const FLYING = { landed_state: 'in_air', armed: true, mission_count: 12, mission_state: 'active' };

test('on the ground nothing that flies is offered, in the air nothing that starts', () => {
  const possible = (table: Record<string, Value>) => ALL.filter((name) => !why(name, situation(table)));
  expect(possible(PARKED)).toEqual(['arm']);
  expect(possible({ ...PARKED, armed: true })).toEqual(['disarm', 'take_off', 'mission']);
  expect(possible(FLYING)).toEqual(ALL.filter((name) => !['arm', 'disarm', 'take_off'].includes(name)));
});

test('the reason names who has control, and that a log takes no commands', () => {
  expect(why('hold', situation(FLYING, { pilot: 'eve' }))).toEqual({ key: 'fly.why.pilot', values: { name: 'eve' } });
  expect(why('hold', situation(FLYING, { pilot: null }))?.key).toBe('fly.why.control');
  expect(why('hold', situation(FLYING, { pilotRole: false }))?.key).toBe('fly.why.role');
  expect(why('hold', situation(FLYING, { replay: true }))?.key).toBe('fly.why.replay');
  expect(why('hold', situation(FLYING, { commands: [] }))?.key).toBe('fly.why.unsupported');
});

test('what a vehicle does not report forbids nothing', () => {
  expect(ALL.filter((name) => why(name, situation({})))).toEqual([]);
});

test('the first button: control, arming and mission in order, each only where it is missing', () => {
  expect(primary(situation(PARKED, { pilot: null }))?.steps).toEqual(['take', 'arm', 'mission']);
  expect(primary(situation({ ...PARKED, armed: true }))?.steps).toEqual(['mission']);
  expect(primary(situation({ ...PARKED, mission_count: 0 }))?.steps).toEqual(['arm', 'take_off']);
  expect(primary(situation(FLYING))).toBeUndefined();
  expect(primary(situation({ ...FLYING, mission_state: 'paused' }))?.steps).toEqual(['mission']);
  expect(primary(situation({ ...FLYING, mission_state: 'paused', mode: 'return' }))).toBeUndefined();
  expect(primary(situation({ ...FLYING, landed_state: 'landing' }))?.steps).toEqual(['go_around']);
  expect(primary(situation(PARKED, { pilot: 'eve' }))).toBeUndefined();
});

test('every command has a key of its own, and only hold is sent without a card', () => {
  expect(new Set(ACTIONS.map((action) => action.code)).size).toBe(ACTIONS.length);
  expect(ACTIONS.filter((action) => !action.asks).map((action) => action.name)).toEqual(['hold']);
  for (const taken of ['KeyI', 'KeyP', 'KeyN', 'KeyF', 'KeyK'])
    expect(ACTIONS.map((action) => action.code)).not.toContain(taken);
});

test('what a vehicle cannot do as things are is not offered, with the reason that the station gives', () => {
  const barred = { land: 'no_landing', mission: 'no_mission', take_off: 'no_home', go_around: 'not_landing' };
  expect(why('land', situation(FLYING, { barred }))?.key).toBe('fly.why.no_landing');
  expect(why('hold', situation(FLYING, { barred }))).toBeUndefined();
  expect(why('land', situation({ ...FLYING, landed_state: 'on_ground' }, { barred }))?.key).toBe('fly.why.on_ground');
  expect(primary(situation({ ...PARKED, armed: true }, { barred }))).toBeUndefined();
  expect(primary(situation({ ...FLYING, mission_state: 'paused' }, { barred }))).toBeUndefined();
  expect(primary(situation({ ...FLYING, landed_state: 'landing' }, { barred }))).toBeUndefined();
});

test('who returns or lands is not called back, whatever the mode is called', () => {
  for (const mode_role of ['return', 'land'])
    expect(primary(situation({ ...FLYING, mission_state: 'paused', mode: 'X', mode_role }))).toBeUndefined();
  expect(primary(situation({ ...FLYING, mission_state: 'paused', mode: 'Hold', mode_role: 'hold' }))?.label).toBe('resume');
});

test('what hinders arming is said in the words of the vehicle, and is no reason where arming mends it', () => {
  const table = { ...PARKED, ready_to_arm: false, unhealthy: 'terrain', prearm_text: 'In landing sequence' };
  expect(why('arm', situation(table))?.values.what).toBe('In landing sequence');
  expect(why('arm', situation({ ...PARKED, ready_to_arm: false, unhealthy: 'terrain' }))?.values.what).toBe('terrain');
  expect(why('arm', situation(table, { cards: { arm: 'ardupilot_landed' } }))).toBeUndefined();
});

test('a vehicle with a card of its own is told by that, and its landing by no way to a runway', () => {
  expect(doesKey('land', { land: 'px4' })).toBe('fly.does.land.px4');
  expect(doesKey('hold', { land: 'px4' })).toBe('fly.does.hold');
  const labels = preview(['land'], factsFrom({ distance_home: 9000 }), wish, undefined, { land: 'px4' }).map((line) => line.label);
  expect(labels).not.toContain('distance_home');
});

test('a calm is a wind of nothing, not one that is not reported', () => {
  const calm = windParts(factsFrom({ wind_speed: 0, heading: 1 }))!;
  expect([calm.ahead, calm.right].map(Math.abs)).toEqual([0, 0]);
  expect(windParts(factsFrom({ heading: 1 }))).toBeUndefined();
});

const wish = { place: null, altitude: undefined, airspeed: undefined, course: undefined, radius: 1000, clockwise: true };

test('the time to a place is distance over the ground speed in the wind', () => {
  const facts = factsFrom({ latitude_deg: 0, longitude_deg: 0, airspeed: 40, wind_speed: 10, wind_from: 0 });
  // One degree of the meridian at the equator is 110 574 m; against the wind 30 m/s.
  expect(timeTo(facts, { latitude: 1, longitude: 0 })).toBeCloseTo(110574 / 30, -1);
  expect(timeTo(factsFrom({}), { latitude: 1, longitude: 0 })).toBeUndefined();
});

test('wind along and across the runway', () => {
  const parts = windParts(factsFrom({ wind_speed: 10, wind_from: Math.PI / 2, heading: Math.PI / 3 }))!;
  expect(parts.ahead).toBeCloseTo(8.660, 3);
  expect(parts.right).toBeCloseTo(5, 9);
});

test('a card shows what is unknown as unknown, never as zero', () => {
  for (const line of preview(['return'], factsFrom({}), wish)) expect(line.value).toBeUndefined();
});

test('the cards of return and land tell the ways that are flown, and straight home where none is told', () => {
  const told = { distance_home: 9000, way_home: 28700, time_home_s: 930, way_down: 15400, time_down_s: 500, fuel_down_kg: 2, fuel_remaining_kg: 12, fuel_when_home_kg: 8 };
  const of = (name: 'return' | 'land', facts: Record<string, number>) =>
    Object.fromEntries(preview([name], factsFrom(facts), wish).map((line) => [line.label, line.value]));
  expect(of('return', told)).toMatchObject({ distance_home: 28700, time_home: 930, fuel_then: 8 });
  expect(of('land', told)).toMatchObject({ distance_down: 15400, time_down: 500, fuel_landing: 10 });
  // A straight line goes by its own name.
  for (const name of ['return', 'land'] as const) {
    expect(of(name, { distance_home: 9000 })).toMatchObject({ straight_home: 9000 });
    expect(of(name, { distance_home: 9000 })).not.toHaveProperty('distance_home');
  }
});

test('low, high, slow, unknown ground and a lost link are told before sending', () => {
  const facts = factsFrom({ ground_elevation_msl: 500, limit_altitude_msl: 3000, limit_airspeed_min: 28, link_state: 'lost' });
  expect(cautions(['altitude'], facts, { ...wish, altitude: 600 })).toEqual(['link_lost', 'low']);
  expect(cautions(['altitude'], facts, { ...wish, altitude: 3100 })).toEqual(['link_lost', 'high']);
  expect(cautions(['speed'], factsFrom({ limit_airspeed_min: 28 }), { ...wish, airspeed: 27 })).toEqual(['slow']);
  expect(cautions(['go_here'], factsFrom({}), { ...wish, altitude: 900 })).toEqual(['ground_unknown']);
  expect(cautions(['return'], factsFrom({ fuel_remaining_kg: 12, fuel_home_kg: 5, fuel_reserve_kg: 8 }), wish)).toEqual(['fuel_short']);
});

test('the first button never argues with what the aircraft does by itself', () => {
  const paused = { ...FLYING, mission_state: 'paused' };
  expect(primary(situation(paused))?.label).toBe('resume');
  // An engine stopped: it glides, and neither resumes its mission nor goes around.
  expect(primary(situation(paused, { alerts: ['engine_stopped'] }))).toBeUndefined();
  expect(primary(situation({ ...paused, landed_state: 'landing' }, { alerts: ['engine_stopped'] }))).toBeUndefined();
  expect(primary(situation({ ...paused, failsafe: true }))).toBeUndefined();
  expect(primary(situation(paused, { alerts: ['link_lost'] }))).toBeUndefined();
  // What the aircraft leaves to the crew is what the alert asks for.
  expect(primary(situation(paused, { alerts: ['fuel_low'] }))?.steps).toEqual(['return']);
  expect(primary(situation(paused, { alerts: ['fuel_low', 'fuel_reserve'] }))?.steps).toEqual(['land']);
});

test('without a station nothing is offered, and the reason is told', () => {
  const dead = situation(FLYING, { station: false });
  expect(ALL.map((name) => why(name, dead)?.key)).toEqual(ALL.map(() => 'fly.why.station'));
  expect(primary(dead)).toBeUndefined();
});
