// The situation of a vehicle and whoever sits here, as the page knows it.

import { connection } from '../../lib/session.svelte';
import type { Vehicle } from '../../lib/vehicles.svelte';
import { factsOf } from '../facts';
import type { Situation } from './actions';

export function situationOf(vehicle: Vehicle): Situation {
  return {
    facts: factsOf(vehicle),
    user: connection.session.user,
    pilotRole: connection.can('pilot'),
    pilot: vehicle.info.pilot,
    replay: vehicle.info.replay,
    commands: vehicle.info.commands,
    barred: vehicle.info.barred,
    cards: vehicle.info.cards,
    alerts: vehicle.alerts.map(({ key }) => key),
    station: connection.alive,
  };
}
