// What a vehicle says, as instruments read it.

import { word } from '../fleet/words';
import { t } from '../lib/i18n.svelte';
import { connection } from '../lib/session.svelte';
import { settings } from '../lib/settings.svelte';
import type { Vehicle } from '../lib/vehicles.svelte';
import { palette } from '../map/palette';
import type { Reading } from './pen';

// A disarmed aircraft is led nowhere: what its autopilot tells of targets then is what it last held.
const led = (vehicle: Vehicle, name: string): boolean =>
  !name.startsWith('target_') || vehicle.value('armed') !== false;

export function readingOf(vehicle: Vehicle): Reading {
  return {
    number: (name) => (led(vehicle, name) ? vehicle.number(name) : undefined),
    value: (name) => vehicle.value(name),
    dead: !connection.alive,
    units: settings.chosen.units,
    colors: palette(),
    phase: (name) => word('phase', name),
    word: (name) => t(name === 'not_reported' ? 'common.not_reported' : `fly.pfd.${name}`),
  };
}
