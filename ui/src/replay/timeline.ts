// Arithmetic of the timeline: speeds, marks, and which event lies before and after.

import type { ReplayState } from '../lib/types';

export const SPEEDS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
export const SEEK_S = 10;

export type Event = ReplayState['events'][number];

/** The speed one step faster (`by` 1) or slower (-1). */
export function stepped(speed: number, by: 1 | -1): number {
  const beyond = SPEEDS.filter((one) => (by > 0 ? one > speed : one < speed));
  return (by > 0 ? beyond[0] : beyond.at(-1)) ?? speed;
}

export function within(position: number, duration: number): number {
  return Math.min(Math.max(position, 0), duration);
}

/** The event to jump to from a position; a little tolerance, so that one is not jumped to twice. */
export function neighbour(events: Event[], position: number, by: 1 | -1): Event | undefined {
  const near = 0.5;
  const sorted = events.toSorted((a, b) => a.time_s - b.time_s);
  return by > 0
    ? sorted.find((event) => event.time_s > position + near)
    : sorted.findLast((event) => event.time_s < position - near);
}

/** Warnings and cautions of a log. */
export const alertsOf = (events: Event[]): Event[] => events.filter(({ severity }) => severityOf(severity) !== 'advisory');

/** What a log is most likely opened for: its first warning, else its first caution. */
export function firstAlert(events: Event[]): Event | undefined {
  const alerts = alertsOf(events).toSorted((a, b) => a.time_s - b.time_s);
  return alerts.find(({ severity }) => severityOf(severity) === 'warning') ?? alerts[0];
}

const STEPS_S = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600];
const MOST_TICKS = 12;
const APART = 64; // px, that a time takes with the room beside it

/** Times [s] of the scale under a timeline so wide [px]; the end has a figure of its own beside it. */
export function ticks(duration: number, width: number): number[] {
  const most = Math.min(MOST_TICKS, Math.max(width / APART, 2));
  const step = STEPS_S.find((one) => duration / one <= most) ?? 12 * 3600;
  const count = Math.floor(duration / step);
  const all = Array.from({ length: count + 1 }, (_, index) => index * step);
  return all.filter((time) => time === 0 || time < 0.97 * duration);
}

/** "1:02:05" or "2:05", from the log's beginning. */
export function runTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The log's time where it stands [s of UTC]; since its beginning where it does not say when that was. */
export const moment = (replay: ReplayState): number => replay.begin_utc_s + replay.position_s;

/** "2026-11-29 12:06:07" at a position in a log; "" where the log does not say when it began. */
export function utcTime(beginUtc: number, position: number): string {
  if (!(beginUtc > 0)) return '';
  return new Date((beginUtc + position) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** MAVLink's names of severities and ours, as the three that the page colours. */
export function severityOf(name: string): 'warning' | 'caution' | 'advisory' {
  if (['emergency', 'alert', 'critical', 'error', 'warning'].includes(name)) {
    return name === 'error' ? 'caution' : 'warning';
  }
  return name === 'caution' || name === 'notice' ? 'caution' : 'advisory';
}
