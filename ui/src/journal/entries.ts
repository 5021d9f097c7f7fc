// The journal as it is shown: entries that came live and those that were asked for, each once.

import { has, t } from '../lib/i18n.svelte';
import type { Entry } from '../lib/types';
import { coordinates, duration, withUnit, type Kind, type UnitSystem } from '../lib/units';

/** Both lists as one, the newest first; of two with one id the later word counts. */
export function joined(old: Entry[], live: Entry[]): Entry[] {
  const byId = new Map(old.map((entry) => [entry.id, entry]));
  for (const entry of live) byId.set(entry.id, entry);
  return [...byId.values()].sort((a, b) => b.id - a.id);
}

/** A vehicle of the journal while it had one name; null where it never had any. */
export interface Called {
  vehicle: string;
  name: string | null;
}

export const keyOf = ({ vehicle, name }: Called) => `${vehicle} ${name ?? ''}`;

/** Each vehicle by every name that it had, those of the entries that came live too. */
export function calledOnes(kept: Called[], entries: Entry[]): Called[] {
  const live = entries.flatMap(({ vehicle, vehicle_name: name }) => (vehicle === null ? [] : [{ vehicle, name }]));
  const all = new Map([...kept, ...live].map((called) => [keyOf(called), called]));
  const named = new Set([...all.values()].filter(({ name }) => name !== null).map(({ vehicle }) => vehicle));
  return [...all.values()].filter(({ vehicle, name }) => name !== null || !named.has(vehicle)).sort((a, b) => keyOf(a).localeCompare(keyOf(b), undefined, { numeric: true }));
}

/** Entries of one vehicle (null for all) in which every word of `words` stands somewhere; those older
    than names may be any name's of their vehicle. */
export function filtered(entries: Entry[], of: Called | null, words: string, units: UnitSystem): Entry[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (of && (entry.vehicle !== of.vehicle || (entry.vehicle_name ?? of.name) !== of.name)) return false;
    const text = [entry.user, entry.kind, whatOf(entry), entry.vehicle_name ?? entry.vehicle, entry.result, entry.text, argumentsText(entry, units)]
      .join(' ')
      .toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** What was done, in words; a parameter by its name. */
export function whatOf({ kind, name }: Pick<Entry, 'kind' | 'name'>): string {
  const key = [`journal.name.${name}`, `fly.step.${name}`].find(has);
  return kind === 'parameter' || key === undefined ? name.replaceAll('_', ' ') : t(key);
}

const LONGEST = 200;

/** What an argument measures: SI, or degrees where its name says so. Others are shown as given. */
const KINDS: Record<string, Kind> = {
  altitude_msl: 'altitude',
  radius: 'length',
  airspeed: 'airspeed',
  course: 'course',
  speed_m_s: 'wind_speed',
  direction_deg: 'course',
  loss: 'share',
  delay_s: 'milliseconds',
  rate_bytes_s: 'data_rate',
};
const DURATIONS = new Set(['period_s']);

/** "altitude MSL 3 937 ft, radius 1 640 ft": words and units of the reader; what was left open is not told. */
export function argumentsText({ arguments: given }: Pick<Entry, 'arguments'>, units: UnitSystem): string {
  const { latitude_deg: latitude, longitude_deg: longitude, ...others } = given ?? {};
  const placed = typeof latitude === 'number' && typeof longitude === 'number';
  const told = Object.entries(placed ? others : (given ?? {}))
    .filter(([, value]) => value !== null)
    .map(([name, value]) => (name === 'text' ? `“${value}”` : `${word(name)} ${shown(name, value, units)}`));
  const text = [...(placed ? [coordinates(latitude, longitude)] : []), ...told].join(', ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}

/** A kind or a result in words. */
export const said = (kind: 'kind' | 'result', value: string): string =>
  has(`journal.${kind}.${value}`) ? t(`journal.${kind}.${value}`) : value.replaceAll('_', ' ');

function word(name: string): string {
  return has(`journal.argument.${name}`) ? t(`journal.argument.${name}`) : name.replaceAll('_', ' ');
}

function shown(name: string, value: unknown, units: UnitSystem): string {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  const factor = name.endsWith('_deg') ? Math.PI / 180 : 1;
  if (DURATIONS.has(name) && typeof value === 'number') return duration(value);
  if (name === 'reason' && has(`journal.reason.${value}`)) return t(`journal.reason.${value}`);
  if (name === 'checklist' && has(`check.${value}`)) return t(`check.${value}`);
  if (kind && typeof value === 'number') return withUnit(value * factor, kind, units);
  if (name === 'alert' && has(`alert.${String(value)}.what`)) return t(`alert.${String(value)}.what`);
  if (typeof value === 'number') return String(Number(value.toPrecision(8)));
  if (typeof value === 'boolean') return t(`journal.${value ? 'yes' : 'no'}`);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(' + ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
