// Words of a vehicle in the user's language, where the page knows them; as they came where not.

import { has, t } from '../lib/i18n.svelte';
import type { Value } from '../lib/types';
import { modeName, phaseName } from '../lib/words';

export function word(kind: 'mode' | 'phase' | 'link', value: Value | undefined): string {
  if (value === undefined) return t('common.not_reported');
  if (kind === 'mode') return modeName(String(value));
  if (kind === 'phase') return phaseName(String(value));
  const key = `fleet.${kind}.${String(value).toLowerCase().replaceAll(/[ -]/g, '_')}`;
  return has(key) ? t(key) : String(value).replaceAll('_', ' ');
}

const NAMES: Record<string, string> = { px4: 'PX4', ardupilot: 'ArduPilot' };

export function autopilotName(name: string): string {
  return NAMES[name] ?? name;
}
