// A clock that goes on by itself: at the rate at which it went, which a simulation sets.
import { expect, test } from 'vitest';
import { heardOf } from '../src/lib/heard';
import { Rate } from '../src/lib/rate';

/** A clock told once a second for `seconds` at `rate`, looked at twice a second until `until`. */
function told(rate: number, seconds = 30, until = seconds): Rate {
  const made = new Rate();
  for (let at = 0; at <= until; at += 0.5) made.take(1000 + rate * Math.floor(Math.min(at, seconds)), at);
  return made;
}

test('goes on as fast as it went', () => {
  for (const rate of [0.25, 1, 5, 60]) expect(told(rate).value).toBeCloseTo(rate, 9);
});

test('follows a change of rate within the window', () => {
  const made = told(1);
  for (let at = 31; at <= 55; at += 1) made.take(1030 + 10 * (at - 30), at);
  expect(made.value).toBeCloseTo(10, 9);
});

test('stands where it stood, and is the wall\'s while nothing is known', () => {
  expect(told(5, 30, 36).value).toBe(0);
  expect(told(0.1, 60, 60).value).toBeGreaterThan(0);
  expect(new Rate().value).toBe(1);
  expect(told(5, 1).value).toBe(1);
});

test('begins anew where the clock went back', () => {
  const made = told(5);
  for (let at = 31; at <= 41; at += 1) made.take(500 + 2 * (at - 31), at);
  expect(made.value).toBeCloseTo(2, 9);
});

test('a choice of sound from before there were words for it is understood', () => {
  expect([true, false, 'all', 'off', 'warnings', 3].map(heardOf)).toEqual([
    'all', 'off', 'all', 'off', 'warnings', 'warnings',
  ]); // prettier-ignore
});
