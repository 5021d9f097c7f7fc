// Quantities as they are plotted: which can be, what they are called, and in which unit of the reader.

import { has, t } from '../lib/i18n.svelte';
import type { Quantity } from '../lib/types';
import { toUnit, unitOf, type Kind, type UnitSystem } from '../lib/units';

const TEXTS = new Set([
  'autopilot', 'vehicle_type', 'mode', 'mode_role', 'landed_state', 'system_state', 'prearm_text', 'unhealthy', 'phase',
  'mission_state', 'gnss_fix', 'link_state', 'expected_by', 'traffic', 'traffic_name', 'timers_due',
]); // prettier-ignore
const CLOCKS = new Set(['time_utc_s', 'time_boot_s']);
const SHARES = new Set(['throttle', 'engine_load', 'fuel_share', 'battery_share', 'link_loss']);
const DISTANCES = /distance|^way_|return_radius/;
const TRUTHS = new Set([
  'armed', 'ready_to_arm', 'failsafe', 'terrain_missing', 'engine_running', 'engine_2_running', 'fuel_leaks',
  'telemetry_stopped',
]); // prettier-ignore

/** What can be drawn as a curve. */
export const plottable = (quantities: Quantity[]): Quantity[] =>
  quantities.filter(({ name }) => !TEXTS.has(name) && !CLOCKS.has(name));

/** What a quantity measures; undefined where it has no unit of the reader. */
export function kindOf({ name, unit }: Pick<Quantity, 'name' | 'unit'>): Kind | undefined {
  switch (unit) {
    case 'm':
      if (DISTANCES.test(name)) return 'distance';
      return /altitude|elevation/.test(name) ? 'altitude' : name.includes('height') ? 'height' : 'length';
    case 'm/s':
      if (/wind/.test(name)) return 'wind_speed';
      if (/ground|velocity/.test(name)) return 'ground_speed';
      return name === 'climb_rate' ? 'climb_rate' : 'airspeed';
    case 'rad':
      return 'angle';
    case 'rad/s':
      return name.startsWith('engine') ? 'engine_speed' : 'angle';
    case 'K':
      return 'temperature';
    case 'Pa':
      return 'pressure';
    case 'kg':
      return 'fuel';
    case 'kg/s':
      return 'fuel_flow';
    case 'V':
      return 'voltage';
    case 'A':
      return 'current';
    case 'bytes/s':
      return 'data_rate';
    default:
      return SHARES.has(name) ? 'share' : undefined;
  }
}

const WHOLE = new Set(['mission_sequence', 'mission_count', 'mission_reached', 'satellites', 'estimator_flags']);
const MINUTE = 60;

export interface Scale {
  unit: string;
  of: (value: number) => number; // out of SI
  digits: number; // decimals that are read
}

/** The reader's unit of a quantity. */
export function scaleOf(quantity: Pick<Quantity, 'name' | 'unit'>, units: UnitSystem): Scale {
  const kind = kindOf(quantity);
  if (kind !== undefined) {
    const { symbol, digits } = unitOf(kind, units);
    const finer = kind === 'altitude' || kind === 'height' || kind === 'climb_rate' || kind === 'engine_speed' ? 0 : 1;
    const unit = quantity.unit === 'rad/s' && kind === 'angle' ? '°/s' : symbol;
    return { unit, of: (value) => toUnit(value, kind, units), digits: digits + finer };
  }
  if (quantity.name === 'round_trip_s') return { unit: 'ms', of: (value) => value * 1000, digits: 0 };
  if (quantity.unit === 's' && quantity.name !== 'heartbeat_age_s')
    return { unit: 'min', of: (value) => value / MINUTE, digits: 0 };
  if (quantity.unit === 'deg') return { unit: '°', of: (value) => value, digits: 4 };
  if (TRUTHS.has(quantity.name)) return { unit: '0/1', of: (value) => value, digits: 0 };
  return { unit: quantity.unit, of: (value) => value, digits: WHOLE.has(quantity.name) ? 0 : 1 };
}

/** What a plot of it is called: its panel's word, where that tells it without the panel around it. */
export const labelOf = (name: string): string => t(has(`plots.quantity.${name}`) ? `plots.quantity.${name}` : `fly.quantity.${name}`);

/** Those in whose label, name or meaning every word stands. */
export function fitting(quantities: Quantity[], words: string): Quantity[] {
  const asked = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return quantities.filter((one) => {
    const text = `${labelOf(one.name)} ${one.name} ${one.meaning}`.toLocaleLowerCase();
    return asked.every((word) => text.includes(word));
  });
}

/** How often to ask anew for what is shown [ms]: a point of 600 is worth as long. */
export const periodFor = (seconds: number): number => Math.min(Math.max((seconds / 600) * 1000, 2000), 30_000);
