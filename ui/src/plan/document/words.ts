// An item in words: its command, and what matters most of it.

import { t } from '../../lib/i18n.svelte';
import { withUnit } from '../../lib/units';
import type { UnitSystem } from '../../lib/units';
import { COMMAND_OF, isLoiter, radiusOf } from './commands';
import { datumOf, isSimple } from './document';
import type { Entry } from './document';
import { itemsOf } from './flat';

export function nameOf(entry: Entry): string {
  if (!isSimple(entry)) {
    const known = { survey: 'survey', fwLandingPattern: 'landing_pattern' }[entry.complexItemType];
    return known ? t(`plan.command.${known}`) : t('plan.command.pattern', { name: entry.complexItemType });
  }
  const known = COMMAND_OF.get(entry.command);
  return known ? t(`plan.command.${known.key}`) : t('plan.command.other', { number: entry.command });
}

export function detailOf(entry: Entry, units: UnitSystem): string {
  if (!isSimple(entry)) return t('plan.list.waypoints', { count: itemsOf(entry).length });
  const known = COMMAND_OF.get(entry.command);
  if (known?.key === 'speed') return withUnit(entry.params[1] ?? 0, 'airspeed', units);
  if (known?.key === 'jump') return `→ ${entry.params[0] ?? '—'} × ${entry.params[1] ?? '—'}`;
  if (known?.key === 'delay') return `${entry.params[0] ?? 0} s`;
  if (!known?.altitude || entry.params[6] === null) return '';
  const altitude = `${withUnit(entry.params[6] ?? 0, 'altitude', units)} ${t(`plan.datum.${datumOf(entry.frame)}.short`)}`;
  const turning = isLoiter(entry.command) && radiusOf(entry) < 0 ? ' ↺' : isLoiter(entry.command) ? ' ↻' : '';
  return altitude + turning;
}
