// Alerts of all aircraft in one list: the worst first, then the newest.

import { has, t } from '../lib/i18n.svelte';
import type { Alert, Severity } from '../lib/types';

const ORDER: Severity[] = ['warning', 'caution', 'advisory'];

export interface Owned {
  id: string;
  name: string;
  alert: Alert;
}

function before(a: Alert, b: Alert): number {
  return (
    Number(a.acknowledged) - Number(b.acknowledged) ||
    ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
    b.since_s - a.since_s
  );
}

/** All of them; those that nobody has acknowledged come first. */
export function together(vehicles: { id: string; name: string; alerts: Alert[] }[]): Owned[] {
  return vehicles
    .flatMap(({ id, name, alerts }) => alerts.map((alert) => ({ id, name, alert })))
    .sort((a, b) => before(a.alert, b.alert));
}

/** The one that a strip shows: acknowledged or not, the most severe. */
export function worst(alerts: Alert[]): Alert | undefined {
  return alerts.toSorted(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || before(a, b),
  )[0];
}

/** What an alert says: the vehicle's own text, or the page's message for its key. */
export function what(alert: Alert): string {
  const key = `alert.${alert.key}.what`;
  if (alert.text) return alert.text;
  return has(key) ? t(key, alert.values) : alert.key;
}
