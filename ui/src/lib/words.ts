// Modes and phases in the reader's words. An autopilot's own name of a mode stands where crews say it:
// ArduPilot's (RTL, FBWA) are the same in every language; those of ours and of PX4 are translated, and
// where one is chosen the own name stands beside.

import { has, t } from './i18n.svelte';

const slug = (name: string): string => name.toLowerCase().replaceAll(/[ -]/g, '_');
const plain = (name: string): string => name.replaceAll('_', ' ');

/** What a display calls a mode. */
export function modeName(name: string): string {
  const numbered = /^(mode|External) (\d+)$/.exec(name);
  if (numbered) return t(`mode.${numbered[1]!.toLowerCase() === 'mode' ? 'number' : 'external'}`, { number: numbered[2] });
  const key = `mode.${slug(name)}`;
  return has(key) && name !== name.toUpperCase() ? t(key) : plain(name);
}

/** What a list of modes says beside: the autopilot's own name, or what an ArduPilot's means. */
export function modeBeside(name: string): string {
  const key = `mode.ardupilot.${slug(name)}`;
  if (name === name.toUpperCase()) return has(key) ? t(key) : '';
  return modeName(name) === plain(name) ? '' : plain(name);
}

/** The phase of a flight, as messages (`take_off`) and logs (`take-off roll`) call it. */
export function phaseName(name: string): string {
  const key = `phase.${slug(name)}`;
  return has(key) ? t(key) : plain(name);
}
