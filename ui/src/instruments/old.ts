// Whether what an instrument shows is of now.

import type { Reading } from './pen';

/** Why what is shown is old: a word of `fly.pfd`; undefined where it is not. */
export function whyOld(reading: Reading): string | undefined {
  if (reading.dead) return 'station_lost';
  if (reading.value('telemetry_stopped') === true) return 'telemetry_stopped';
  return reading.value('link_state') === 'lost' ? 'link_lost' : undefined;
}
