// What can be commanded: its key, whether a card asks first, and why it cannot be done just now.

import type { Facts } from '../facts';

export type ActionName =
  | 'arm' | 'disarm' | 'take_off' | 'hold' | 'orbit_here' | 'go_here' | 'altitude' | 'speed'
  | 'heading' | 'mission' | 'return' | 'land' | 'go_around'; // prettier-ignore

export interface Action {
  name: ActionName;
  code: string; // KeyboardEvent.code: the same key in every alphabet
  place: boolean; // a place on the chart is picked first
  asks: boolean; // a card shows what it will do and asks
}

const action = (name: ActionName, letter: string, place = false, asks = true): Action => ({
  name,
  code: `Key${letter}`,
  place,
  asks,
});

/** In the order of the command bar. */
export const ACTIONS: Action[] = [
  action('arm', 'A'),
  action('disarm', 'D'),
  action('take_off', 'T'),
  action('hold', 'H', false, false),
  action('orbit_here', 'O', true),
  action('go_here', 'G', true),
  action('altitude', 'V'),
  action('speed', 'S'),
  action('heading', 'C'),
  action('mission', 'M'),
  action('return', 'R'),
  action('land', 'L'),
  action('go_around', 'X'),
];

export interface Situation {
  facts: Facts;
  user: string | null;
  pilotRole: boolean;
  pilot: string | null; // of this vehicle
  replay: boolean;
  commands: string[]; // that the vehicle knows
  barred: Record<string, string>; // those that it cannot do as things are, with the reason
  cards: Record<string, string>; // those whose text is another for this vehicle
  alerts: string[]; // keys of those at the top
  station: boolean; // it is heard
}

/** The text of a command, or of a step, as this vehicle does it. */
export function doesKey(label: string, cards: Record<string, string>): string {
  return cards[label] ? `fly.does.${label}.${cards[label]}` : `fly.does.${label}`;
}

export interface Reason {
  key: string;
  values: Record<string, string>;
}

const because = (key: string, values: Record<string, string> = {}): Reason => ({
  key: `fly.why.${key}`,
  values,
});

/** Why control cannot be taken; undefined where it can, or is held already. */
export function whyNoControl(situation: Situation): Reason | undefined {
  const { replay, pilotRole, pilot, user, station } = situation;
  if (!station) return because('station');
  if (replay) return because('replay');
  if (!pilotRole) return because('role');
  if (pilot !== null && pilot !== user) return because('pilot', { name: pilot });
  return undefined;
}

export const onGround = (facts: Facts) => facts.value('landed_state') === 'on_ground';
export const inAir = (facts: Facts) => {
  const state = facts.value('landed_state');
  return state === 'in_air' || state === 'landing' || state === 'taking_off';
};

const ON_GROUND: ReadonlySet<ActionName> = new Set<ActionName>(['arm', 'disarm', 'take_off']);

/** Why the action is not possible now, apart from who has control. What the vehicle does not
    report forbids nothing: then it is the vehicle that refuses. */
export function whyImpossible(name: ActionName, { facts, commands, barred, cards }: Situation): Reason | undefined {
  const armed = facts.value('armed');
  if (!commands.includes(name)) return because('unsupported');
  if (ON_GROUND.has(name) && inAir(facts)) return because('in_air');
  if (name === 'arm') {
    if (armed === true) return because('armed');
    // What hinders it is what it says itself; after a landing the command mends that.
    if (facts.value('ready_to_arm') === false && !cards.arm)
      return because('not_ready', { what: String(facts.value('prearm_text') ?? facts.value('unhealthy') ?? '') });
  }
  if (name === 'disarm' && armed === false) return because('disarmed');
  if ((name === 'take_off' || name === 'mission') && armed === false) return because('disarmed');
  if (name === 'mission' && facts.value('mission_count') === 0) return because('no_mission');
  if (!ON_GROUND.has(name) && name !== 'mission' && onGround(facts)) return because('on_ground');
  return barred[name] ? because(barred[name]) : undefined;
}

export function why(name: ActionName, situation: Situation): Reason | undefined {
  const control = whyNoControl(situation);
  if (control) return control;
  if (situation.pilot === null) return because('control');
  return whyImpossible(name, situation);
}

/** Why no mode can be chosen now. */
export function whyNoMode(situation: Situation): Reason | undefined {
  const control = whyNoControl(situation);
  if (control) return control;
  if (situation.pilot === null) return because('control');
  return situation.commands.includes('mode') ? undefined : because('unsupported');
}

/** One step of what the first button does. */
export type Step = 'take' | 'mode' | ActionName;

/** What stands to reason once one of these alerts is at the top, the gravest first. */
const REMEDIES: [string, ActionName][] = [
  ['one_engine_stopped', 'return'],
  ['fuel_leak', 'return'],
  ['fuel_reserve', 'land'],
  ['return_now', 'return'],
  ['fuel_low', 'return'],
  ['generator_failed', 'return'],
  ['oil_pressure_low', 'return'],
];
/** The vehicle does by itself what is to be done: no first button argues with that. */
const ALONE = ['failsafe', 'engine_stopped', 'link_lost', 'fence_breach'];

/** What the crew most likely wants next, step by step; undefined where there is no such thing. */
export function primary(situation: Situation): { label: string; steps: Step[] } | undefined {
  if (whyNoControl(situation)) return undefined;
  const { facts, pilot, commands, barred, alerts } = situation;
  const take: Step[] = pilot === null ? ['take'] : [];
  if (onGround(facts)) {
    if (facts.value('mission_state') === 'complete' && facts.value('armed') === true)
      return { label: 'disarm', steps: [...take, 'disarm'] };
    const arm: Step[] = facts.value('armed') === true ? [] : ['arm'];
    const withMission = (facts.number('mission_count') ?? 0) > 0 && commands.includes('mission') && !barred.mission;
    if (withMission) return { label: 'start_mission', steps: [...take, ...arm, 'mission'] };
    return barred.take_off ? undefined : { label: 'arm_take_off', steps: [...take, ...arm, 'take_off'] };
  }
  if (take.length > 0) return { label: 'take', steps: take };
  if (facts.value('failsafe') === true || ALONE.some((key) => alerts.includes(key))) return undefined;
  if (facts.value('landed_state') === 'landing')
    return barred.go_around ? undefined : { label: 'go_around', steps: ['go_around'] };
  // Who comes home is not called back by the first button.
  const role = facts.value('mode_role');
  if (role === 'return' || role === 'land' || /land|return|rtl/i.test(String(facts.value('mode') ?? ''))) return undefined;
  const remedy = REMEDIES.find(([key, name]) => alerts.includes(key) && commands.includes(name) && !barred[name])?.[1];
  if (remedy) return { label: remedy, steps: [remedy] };
  if (facts.value('mission_state') === 'paused' && !barred.mission) return { label: 'resume', steps: ['mission'] };
  return undefined;
}
