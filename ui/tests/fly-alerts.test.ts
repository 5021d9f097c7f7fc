// Alerts on the page: what follows from a cause is beneath it, what to do depends on the stage.
import { expect, test } from 'vitest';
import { others, remedy } from '../src/fly/panels/alerts';
import { next, sound } from '../src/fly/sound';
import { folded } from '../src/lib/folded';
import type { Alert } from '../src/lib/types';
import en from '../src/messages/en/alert.json';

const alert = (key: string, cause: string | null = null): Alert => ({
  key, cause, severity: 'warning', since_s: 0, text: null, told: [], values: {}, acknowledged: false,
}); // prettier-ignore

test('only causes stand in the list', () => {
  const list = folded([alert('engine_stopped'), alert('failsafe', 'engine_stopped'), alert('link_late')]);
  expect(list.map(({ key }) => key)).toEqual(['engine_stopped', 'link_late']);
  expect(list[0]!.beneath!.map(({ key }) => key)).toEqual(['failsafe']);
});

test('what to do goes by the stage of flight', () => {
  const stopped = alert('engine_stopped');
  expect(remedy(stopped, 'in_air')).toBe(en['alert.engine_stopped.do']);
  expect(remedy(stopped, 'landing')).toBe(en['alert.engine_stopped.do.landing']);
  expect(remedy(alert('link_late'), 'landing')).toBe(en['alert.link_late.do']);
});

test('the sound goes from warnings to all to none and back', () => {
  expect(next('warnings')).toBe('all');
  expect(next('all')).toBe('off');
  expect(next('off')).toBe('warnings');
});

test('a caution is heard only where all are', () => {
  let played = 0;
  const node = { connect: () => node, gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
    frequency: { value: 0 }, start: () => (played += 1), stop() {} }; // prettier-ignore
  class Audio {
    state = 'running';
    currentTime = 0;
    destination = {};
    createOscillator = () => node;
    createGain = () => node;
  }
  Object.assign(globalThis, { AudioContext: Audio });
  sound('caution', 'a', 'warnings', 0);
  expect(played).toBe(0);
  sound('caution', 'b', 'all', 0);
  expect(played).toBe(2);
  sound('warning', 'c', 'warnings', 0);
  expect(played).toBe(5);
});

test('a log calls in its replay alone, what is flown calls everywhere', () => {
  const made = (id: string, replay: boolean, alerts = [alert('engine_stopped')]) => ({ info: { id, replay }, alerts });
  const [live, other, log, mate] = [made('1', false), made('2', false), made('r1', true), made('r2', true)];
  const list = [live, other, log, mate, made('3', false, [])];
  expect(others(list, live).map(({ info }) => info.id)).toEqual(['2']);
  expect(others(list, log).map(({ info }) => info.id)).toEqual(['1', '2', 'r2']);
});
