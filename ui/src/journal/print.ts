// The crew's log on paper: which period, and every entry within it.

import { get } from '../lib/api';
import type { Entry, Note } from '../lib/types';

export const MOST_ROWS = 5000;
const PAGE = 1000;

/** "2026-11-30T16:08" as a field of date and time has it, in UTC. */
export const asField = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 16);

/** Seconds of UTC that such a field says; undefined where it says none. */
export function fromField(text: string): number | undefined {
  const found = Date.parse(`${text}Z`);
  return Number.isFinite(found) ? found / 1000 : undefined;
}

/** Entries from one time to another, the oldest first; `cut` where the period holds more. Newest come first. */
export async function within(
  from: number,
  to: number,
  vehicle: string,
  ask: (query: string) => Promise<Entry[]> = (query) => get(`/api/journal?${query}`),
): Promise<{ entries: Entry[]; cut: boolean }> {
  const found: Entry[] = [];
  let before: number | undefined;
  for (;;) {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (before !== undefined) query.set('before', String(before));
    if (vehicle !== '') query.set('vehicle', vehicle);
    const page = await ask(String(query));
    found.push(...page.filter((entry) => entry.time_s >= from && entry.time_s < to));
    before = page.at(-1)?.id;
    if (found.length > MOST_ROWS) return { entries: found.slice(0, MOST_ROWS).reverse(), cut: true };
    if (page.length < PAGE || page.at(-1)!.time_s < from) return { entries: found.reverse(), cut: false };
  }
}

/** Notes that were written or signed within the period, for a vehicle ("" for all), the oldest first. */
export function notesWithin(notes: Note[], from: number, to: number, vehicle: string): Note[] {
  const inside = (time: number | null) => time !== null && time >= from && time < to;
  return notes
    .filter((note) => (inside(note.written_s) || inside(note.signed_s)) && (vehicle === '' || (note.vehicle ?? vehicle) === vehicle))
    .sort((a, b) => a.id - b.id);
}

/** "2026-11-30 16:08:00". */
export const second = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
