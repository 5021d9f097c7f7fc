// Quantities by name, for whoever decides by them; from a vehicle, and in tests from a table.

import type { Value } from '../lib/types';
import type { Vehicle } from '../lib/vehicles.svelte';

export interface Facts {
  value: (name: string) => Value | undefined;
  number: (name: string) => number | undefined;
}

/** Read inside the page's text: it is told again when something may have changed. */
export function factsOf(vehicle: Vehicle): Facts {
  return {
    value: (name) => vehicle.shown(name),
    number: (name) => vehicle.shownNumber(name),
  };
}

export function factsFrom(table: Record<string, Value>): Facts {
  const value = (name: string) => table[name];
  const number = (name: string) => (typeof table[name] === 'number' ? table[name] : undefined);
  return { value, number };
}
