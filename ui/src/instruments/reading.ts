// What a vehicle says, as instruments read it.

import { t } from '../lib/i18n.svelte';
import { settings } from '../lib/settings.svelte';
import type { Vehicle } from '../lib/vehicles.svelte';
import { palette } from '../map/palette';
import type { Reading } from './pen';

export function readingOf(vehicle: Vehicle): Reading {
  return {
    number: (name) => vehicle.number(name),
    value: (name) => vehicle.value(name),
    units: settings.chosen.units,
    colors: palette(),
    word: (name) => t(name === 'not_reported' ? 'common.not_reported' : `fly.pfd.${name}`),
  };
}
