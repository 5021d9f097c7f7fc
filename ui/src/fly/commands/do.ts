// From a press to what happens: the card, the chart's pointer, or the command at once.

import type { Vehicle } from '../../lib/vehicles.svelte';
import { ACTIONS, primary, why, whyNoControl, type Action } from './actions';
import { orders } from './orders.svelte';
import { situationOf } from './situation';

export function press(vehicle: Vehicle, action: Action): void {
  if (orders.busy || why(action.name, situationOf(vehicle))) return;
  if (action.place) orders.pick(vehicle, action.name);
  else if (action.asks) orders.propose(vehicle, action.name, [action.name]);
  else void orders.send(vehicle, [action.name]);
}

/** What the button said when it was pressed is done, whatever has become the likeliest since. */
export function pressPrimary(vehicle: Vehicle, next = primary(situationOf(vehicle))): void {
  if (!next || orders.busy || whyNoControl(situationOf(vehicle))) return;
  if (next.label === 'take') void orders.send(vehicle, next.steps);
  else orders.propose(vehicle, next.label, next.steps);
}

/** What was uploaded to be flown: its card, as soon as the vehicle tells that it has a mission. */
export function startUploaded(vehicle: Vehicle): void {
  if (orders.starting !== vehicle.info.id || orders.busy) return;
  const next = primary(situationOf(vehicle));
  if (next?.label !== 'start_mission') return;
  pressPrimary(vehicle, next);
  if (orders.draft) orders.draft.unasked = true;
}

export function pressControl(vehicle: Vehicle): void {
  const situation = situationOf(vehicle);
  if (orders.busy || whyNoControl(situation)) return;
  if (situation.pilot === null) void orders.send(vehicle, ['take']);
  else void orders.release(vehicle);
}

/** True where the key was one of the fly view's commands. */
export function key(vehicle: Vehicle, event: KeyboardEvent): boolean {
  if (event.shiftKey) return false;
  const action = ACTIONS.find(({ code }) => code === event.code);
  if (action) press(vehicle, action);
  else if (event.code === 'KeyP') pressControl(vehicle);
  else if (event.code === 'KeyN') pressPrimary(vehicle);
  else return false;
  return true;
}
