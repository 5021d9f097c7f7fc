// Words of a vehicle in the user's language, where the page knows them; as they came where not.

import { has, t } from '../lib/i18n.svelte';
import type { Value } from '../lib/types';

export function word(kind: 'mode' | 'phase' | 'link', value: Value | undefined): string {
  if (value === undefined) return t('common.not_reported');
  const key = `fleet.${kind}.${String(value).toLowerCase().replaceAll(/[ -]/g, '_')}`;
  return has(key) ? t(key) : String(value).replaceAll('_', ' ');
}

const NAMES: Record<string, string> = { px4: 'PX4', ardupilot: 'ArduPilot' };

export function autopilotName(name: string): string {
  return NAMES[name] ?? name;
}
