// The journal as it is shown: entries that came live and those that were asked for, each once.

import type { Entry } from '../lib/types';

/** Both lists as one, the newest first; of two with one id the later word counts. */
export function joined(old: Entry[], live: Entry[]): Entry[] {
  const byId = new Map(old.map((entry) => [entry.id, entry]));
  for (const entry of live) byId.set(entry.id, entry);
  return [...byId.values()].sort((a, b) => b.id - a.id);
}

/** Entries of one vehicle ("" for all) in which every word of `words` stands somewhere. */
export function filtered(entries: Entry[], vehicle: string, words: string): Entry[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (vehicle !== '' && entry.vehicle !== vehicle) return false;
    const text = [entry.user, entry.kind, entry.name, entry.result, entry.text, argumentsText(entry)]
      .join(' ')
      .toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

const LONGEST = 200;

/** "altitude_msl 1200, radius 500"; what is nested, as JSON. */
export function argumentsText({ arguments: given }: Pick<Entry, 'arguments'>): string {
  const text = Object.entries(given ?? {})
    .map(([name, value]) => `${name} ${plain(value)}`)
    .join(', ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}

function plain(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(8)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}
