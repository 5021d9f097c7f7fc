// The crew's timers as they are shown: what is left of each, and what waits for the crew.

import type { Note, Timer } from '../lib/types';
import { duration } from '../lib/units';

/** Seconds left, negative once it is due; undefined while it stands, or its clock is not told. */
export function left(timer: Timer, vehicleUtc: number | undefined, stationUtc: number): number | undefined {
  const now = timer.clock === 'station' ? stationUtc : vehicleUtc;
  return timer.due_s === null || now === undefined ? undefined : timer.due_s - now;
}

/** "59:07", "1:02:05": how long still. */
export function countdown(seconds: number): string {
  const whole = Math.max(Math.ceil(seconds), 0);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** "1 h", "1 h 30 min", "20 min": how often. */
export const period = (seconds: number): string => duration(seconds).replace(/\u00a000\u00a0min$/, '');

/** A vehicle's timers, the next one first, those that stand last. */
export function ofVehicle(timers: Timer[], vehicle: string): Timer[] {
  const when = (timer: Timer) => timer.due_s ?? Infinity;
  return timers.filter((timer) => timer.vehicle === vehicle).sort((a, b) => when(a) - when(b) || a.id - b.id);
}

/** Notes for a vehicle's next crew that nobody has signed: its own, and those for the station. */
export function unsigned(notes: Note[], vehicle: string): Note[] {
  return notes.filter((note) => note.signed_by === null && (note.vehicle === null || note.vehicle === vehicle));
}

/** How many things wait on the watch of a vehicle. */
export function waiting(timers: Timer[], notes: Note[], vehicle: string): number {
  return ofVehicle(timers, vehicle).filter((timer) => timer.due).length + unsigned(notes, vehicle).length;
}

/** "2026-11-30 16:08", UTC. */
export const minute = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
