// Alerts as they come, folded: only causes stand in the list, each with what follows from it.

import type { Alert } from './types';

export function folded(alerts: Alert[]): Alert[] {
  return alerts
    .filter((alert) => !alert.cause)
    .map((alert) => ({ ...alert, beneath: alerts.filter(({ cause }) => cause === alert.key) }));
}
