// Alerts as they are shown: their texts, their values in the crew's units, the worst of a list.

import { has, t } from '../../lib/i18n.svelte';
import type { Alert, Severity, Value } from '../../lib/types';
import { duration, withUnit, type Kind, type UnitSystem } from '../../lib/units';

/** Other aircraft that call. What is flown calls in a replay too; what a log tells calls nowhere else. */
export function others<V extends { info: { replay: boolean }; alerts: Alert[] }>(list: V[], vehicle: V): V[] {
  const calls = ({ alerts }: V) => (worst(alerts) ?? 'advisory') !== 'advisory';
  return list.filter((other) => other !== vehicle && calls(other) && (vehicle.info.replay || !other.info.replay));
}

export const SEVERITIES: Severity[] = ['warning', 'caution', 'advisory'];

const KINDS: Record<string, Kind | 'duration'> = {
  airspeed: 'airspeed', limit_airspeed_min: 'airspeed', limit_airspeed_max: 'airspeed',
  altitude_msl: 'altitude', limit_altitude_msl: 'altitude', height_above_ground: 'height',
  battery_share: 'share', battery_voltage: 'voltage', cylinder_temperature: 'temperature',
  oil_temperature: 'temperature', oil_pressure: 'pressure', engine_speed: 'engine_speed',
  fuel_remaining_kg: 'fuel', fuel_home_kg: 'fuel', fuel_at_landing_kg: 'fuel',
  distance_home: 'distance', endurance_s: 'duration', return_by_s: 'duration',
  heartbeat_age_s: 'duration', link_loss: 'share', roll: 'angle', wind_speed: 'wind_speed',
  wind_from: 'course', glide_distance: 'distance', glide_time_s: 'duration', engine_2_speed: 'engine_speed',
  fuel_flow_kg_s: 'fuel_flow', battery_current: 'current', position_accuracy: 'length',
  traffic_distance: 'distance', traffic_height: 'height',
}; // prettier-ignore

/** "airspeed 48 kt", each value that came with the alert, as it is now. */
export function details(alert: Alert, units: UnitSystem, now: (name: string) => Value | undefined): string {
  return Object.entries(alert.values)
    .map(([name, value]) => `${labelOf(name)} ${shown(name, now(name) ?? value, units)}`)
    .join(' · ');
}

/** What it is: the page's words for its key. */
export function what(alert: Alert): string {
  const key = `alert.${alert.key}.what`;
  return has(key) ? t(key) : alert.key.replaceAll('_', ' ');
}

/** What to do, at the stage of flight where that makes a difference; `stage` is the landed state. */
export function remedy(alert: Alert, stage: Value | undefined): string {
  const key = `alert.${alert.key}.do`;
  const here = `${key}.${String(stage)}`;
  return has(here) ? t(here) : has(key) ? t(key) : '';
}

function labelOf(name: string): string {
  const key = `fly.quantity.${name}`;
  return has(key) ? t(key) : name.replaceAll('_', ' ');
}

function shown(name: string, value: Value, units: UnitSystem): string {
  const kind = KINDS[name];
  if (name === 'timers_due') return timerNames(String(value));
  if (typeof value !== 'number' || kind === undefined) return String(value).replaceAll('_', ' ');
  return kind === 'duration' ? duration(value) : withUnit(value, kind, units);
}

/** Checklists by their title, timers as the crew called them. */
function timerNames(names: string): string {
  return names.split('; ').map((name) => (has(`check.${name}`) ? t(`check.${name}`) : name)).join(', ');
}

export function worst(alerts: Alert[]): Severity | undefined {
  return SEVERITIES.find((severity) => alerts.some((alert) => alert.severity === severity));
}

/** What still calls for the crew: not acknowledged, and more than an advisory. */
export function calling(alerts: Alert[]): Severity | undefined {
  return worst(alerts.filter((alert) => !alert.acknowledged && alert.severity !== 'advisory'));
}

/** "3 min" since it began, by the clock that began it. */
export function since(alert: Alert, now: number): string {
  return duration(Math.max(0, now - alert.since_s));
}
