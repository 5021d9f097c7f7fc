// What the judge says, in the reader's language and units.

import type { Told } from '../../lib/api';
import { has, t } from '../../lib/i18n.svelte';
import { duration, withUnit, SYSTEMS, type Kind, type UnitSystem } from '../../lib/units';

/** The judge's English stands for itself where a language has no word for it. */
export function told({ text, figures }: Told, units: UnitSystem): string {
  const values = Object.fromEntries(figures.map(([kind, value], index) => [index, shown(kind, value, units)]));
  const key = `judge.${text}`;
  const words = has(key) ? t(key) : text;
  return words.replace(/\{(\d+)\}/g, (whole, index: string) => values[index] ?? whole);
}

function shown(kind: string, value: number | string, units: UnitSystem): string {
  if (typeof value === 'string') return value;
  if (kind === 'duration') return duration(value);
  return kind in SYSTEMS.metric ? withUnit(value, kind as Kind, units) : String(value);
}
