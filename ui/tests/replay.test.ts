import { describe, expect, it } from 'vitest';
import { since } from '../src/fly/panels/alerts';
import type { Alert } from '../src/lib/types';
import { alertsOf, firstAlert, moment, neighbour, runTime, severityOf, SPEEDS, stepped, ticks, utcTime, within } from '../src/replay/timeline';

const EVENTS = [30, 10, 20].map((time_s) => ({ time_s, severity: 'info', text: String(time_s) }));

describe('the timeline of a replay', () => {
  it('steps through the speeds and stays at their ends', () => {
    expect(stepped(1, 1)).toBe(2);
    expect(stepped(1, -1)).toBe(0.5);
    expect(stepped(3, 1)).toBe(5);
    expect(stepped(SPEEDS.at(-1)!, 1)).toBe(1000);
    expect(stepped(0.5, -1)).toBe(0.5);
  });

  it('jumps to the events around a position, not to the one it stands on', () => {
    expect(neighbour(EVENTS, 10, 1)?.time_s).toBe(20);
    expect(neighbour(EVENTS, 20.2, -1)?.time_s).toBe(10);
    expect(neighbour(EVENTS, 31, 1)).toBeUndefined();
    expect(neighbour([], 5, -1)).toBeUndefined();
  });

  it('ages what a log tells by its own clock, with or without UTC', () => {
    const state = { id: '', position_s: 90, duration_s: 100, speed: 1, playing: true, events: [] };
    const began = (since_s: number) => ({ since_s }) as Alert;
    expect(since(began(1_600_000_030), moment({ ...state, begin_utc_s: 1_600_000_000 }))).toBe('1\u00a0min');
    expect(since(began(45), moment({ ...state, begin_utc_s: 0 }))).toBe('45\u00a0s');
  });

  it('opens a log at its first warning, else at its first caution, else nowhere', () => {
    const at = (time_s: number, severity: string) => ({ time_s, severity, text: '' });
    const events = [at(90, 'warning'), at(40, 'critical'), at(10, 'caution'), at(5, 'info')];
    expect(firstAlert(events)?.time_s).toBe(40);
    expect(firstAlert(events.slice(2))?.time_s).toBe(10);
    expect(firstAlert(events.slice(3))).toBeUndefined();
    expect(alertsOf(events).map(({ time_s }) => time_s)).toEqual([90, 40, 10]);
  });

  it('keeps within the log', () => {
    expect(within(-3, 100)).toBe(0);
    expect(within(104, 100)).toBe(100);
  });

  it('marks round times, never more than fit', () => {
    expect(ticks(60, 900)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    for (const duration of [0, 7, 61, 3600, 97200, 400000]) expect(ticks(duration, 900).length).toBeLessThan(20);
    // Times on a phone do not touch: each is some 50 px wide.
    for (const duration of [60, 2832, 97200]) expect(370 / ticks(duration, 370).length).toBeGreaterThan(52);
  });

  it('tells time from the beginning', () => {
    expect(runTime(65.9)).toBe('1:05');
    expect(runTime(3725)).toBe('1:02:05');
  });

  it("colours MAVLink's severities as the page's three", () => {
    expect(['critical', 'error', 'notice', 'info'].map(severityOf)).toEqual([
      'warning',
      'caution',
      'caution',
      'advisory',
    ]);
  });
});

it('a position is told in UTC where the log says when it began', () => {
  expect(utcTime(Date.UTC(2026, 10, 29, 12, 0, 0) / 1000, 367.4)).toBe('2026-11-29 12:06:07');
  expect(utcTime(0, 367.4)).toBe('');
});
