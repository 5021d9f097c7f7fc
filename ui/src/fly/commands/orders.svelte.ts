// What the crew is about to command, what is on its way, and what came of it.

import { post, Refused } from '../../lib/api';
import { has, t } from '../../lib/i18n.svelte';
import type { CommandResult } from '../../lib/types';
import { fleet, type Vehicle } from '../../lib/vehicles.svelte';
import type { Spot } from '../../map/geo';
import type { ActionName, Step } from './actions';

export interface Draft {
  vehicle: Vehicle;
  label: string; // message fly.action.LABEL
  steps: Step[];
  place: Spot | null;
  // What the crew may change, SI; undefined where the vehicle did not report what it starts from.
  altitude: number | undefined;
  airspeed: number | undefined;
  course: number | undefined;
  radius: number;
  clockwise: boolean;
  mode?: string; // the one that was chosen
  unasked?: true; // it came up by itself: a key pressed just then must not confirm it
}

export interface Outcome {
  vehicle: string; // its name
  step: Step;
  state: 'sent' | 'accepted' | 'refused';
  text: string;
  elapsed_s: number | null;
}

const ORBIT_RADIUS = 1000;
const TAKE_OFF_HEIGHT = 300;

class Orders {
  draft: Draft | null = $state(null);
  /** The action for which a place is to be picked on the chart. */
  picking: { vehicle: Vehicle; action: ActionName } | null = $state.raw(null);
  outcomes: Outcome[] = $state([]);
  busy = $state(false);
  /** The vehicle whose mission has just been uploaded to be flown: the Fly view asks. */
  starting: string | null = $state(null);
  /** The button that opened the card is still held; at the end the card is confirmed. */
  holding = $state(false);
  help = $state(false);

  /** Open the card for `steps`; what must have a place asks for it first. */
  propose(vehicle: Vehicle, label: string, steps: Step[], place: Spot | null = null, mode?: string): void {
    this.picking = this.starting = null;
    const altitude = vehicle.number('target_altitude_msl') ?? vehicle.number('altitude_msl');
    const from = vehicle.number('home_altitude_msl') ?? vehicle.number('altitude_msl');
    this.draft = {
      vehicle, label, steps, place,
      altitude: steps.includes('take_off') && from !== undefined ? from + TAKE_OFF_HEIGHT : altitude,
      airspeed: vehicle.number('target_airspeed') ?? vehicle.number('airspeed'),
      course: vehicle.number('target_course') ?? vehicle.number('course') ?? vehicle.number('heading'),
      radius: ORBIT_RADIUS,
      clockwise: true,
      ...(mode === undefined ? {} : { mode }),
    }; // prettier-ignore
    fleet.redraw();
  }

  pick(vehicle: Vehicle, action: ActionName): void {
    this.draft = null;
    this.picking = { vehicle, action };
  }

  picked(place: Spot): void {
    if (!this.picking) return;
    const { vehicle, action } = this.picking;
    this.propose(vehicle, action, [action], place);
  }

  cancel(): void {
    this.draft = this.picking = this.starting = null;
    fleet.redraw();
  }

  /** Send what the card shows, in order; the first refusal ends it. */
  async confirm(): Promise<void> {
    const { draft } = this;
    if (!draft || this.busy) return;
    this.draft = null;
    await this.send(draft.vehicle, draft.steps, (step) => argumentsOf(step, draft));
    fleet.redraw();
  }

  async send(
    vehicle: Vehicle,
    steps: Step[],
    given: (step: Step) => Record<string, number | string> = () => ({}),
  ): Promise<void> {
    this.busy = true;
    this.starting = null;
    this.outcomes = [];
    try {
      for (const step of steps) if (!(await this.sendOne(vehicle, step, given(step)))) break;
    } finally {
      this.busy = false;
    }
  }

  async release(vehicle: Vehicle): Promise<void> {
    await post(`${pathOf(vehicle)}/control`, { take: false }).catch((error: unknown) => {
      this.outcomes = [outcome(vehicle, 'take', 'refused', refusal(error), null)];
    });
  }

  private async sendOne(vehicle: Vehicle, step: Step, given: object): Promise<boolean> {
    const began = performance.now();
    const index = this.outcomes.push(outcome(vehicle, step, 'sent', '', null)) - 1;
    const settle = (state: Outcome['state'], text: string) => {
      const elapsed = (performance.now() - began) / 1000;
      this.outcomes[index] = outcome(vehicle, step, state, text, elapsed);
      return state === 'accepted';
    };
    try {
      if (step === 'take') {
        await post(`${pathOf(vehicle)}/control`, { take: true });
        return settle('accepted', '');
      }
      const told = await post<CommandResult>(`${pathOf(vehicle)}/command`, {
        name: step,
        arguments: given,
      });
      if (told.result === 'accepted') return settle('accepted', told.text);
      const words = t(`fly.result.${told.result}`);
      return settle('refused', told.text ? `${words}: ${told.text}` : words);
    } catch (error) {
      return settle('refused', refusal(error));
    }
  }
}

const pathOf = (vehicle: Vehicle) => `/api/vehicles/${encodeURIComponent(vehicle.info.id)}`;

const outcome = (
  vehicle: Vehicle,
  step: Step,
  state: Outcome['state'],
  text: string,
  elapsed_s: number | null,
): Outcome => ({ vehicle: vehicle.info.name, step, state, text, elapsed_s });

function refusal(error: unknown): string {
  if (!(error instanceof Refused)) throw error;
  const key = `common.error.${error.message}`;
  const told = has(key) ? t(key) : error.message;
  return [told, ...error.faults].join('; ');
}

/** The arguments that docs/station-wire.md asks of each command. */
export function argumentsOf(step: Step, draft: Draft): Record<string, number | string> {
  const place: Record<string, number> = draft.place
    ? { latitude_deg: draft.place.latitude, longitude_deg: draft.place.longitude }
    : {};
  const altitude: Record<string, number> =
    draft.altitude === undefined ? {} : { altitude_msl: draft.altitude };
  switch (step) {
    case 'take_off':
    case 'altitude':
      return altitude;
    case 'go_here':
      return { ...place, ...altitude };
    case 'orbit_here':
      return { ...place, ...altitude, radius: draft.clockwise ? draft.radius : -draft.radius };
    case 'speed':
      return draft.airspeed === undefined ? {} : { airspeed: draft.airspeed };
    case 'heading':
      return draft.course === undefined ? {} : { course: draft.course };
    case 'mode':
      return draft.mode === undefined ? {} : { name: draft.mode };
    default:
      return {};
  }
}

export const orders = new Orders();
