// What a command will do, in figures, before it is sent.

import type { Kind } from '../../lib/units';
import { course, distance, speedOver, turn, type Spot } from '../../map/geo';
import { itemNumber } from '../../map/mission';
import type { Facts } from '../facts';
import type { Draft } from './orders.svelte';
import type { Step } from './actions';

/** One line of the card: message `fly.card.LABEL`; undefined reads "not reported". */
export interface Line {
  label: string;
  value: number | string | undefined;
  kind: Kind | 'duration' | 'text' | 'change';
  of?: Kind; // of a change
  datum?: 'msl' | 'agl' | 'home';
}

export type Wish = Pick<Draft, 'place' | 'altitude' | 'airspeed' | 'course' | 'radius' | 'clockwise'>;

const line = (label: string, value: Line['value'], kind: Line['kind'], more: Partial<Line> = {}): Line => ({
  label,
  value,
  kind,
  ...more,
});

function flownItem(facts: Facts): number | undefined {
  const sequence = facts.number('mission_sequence');
  return sequence === undefined ? undefined : itemNumber(sequence, facts.value('autopilot'));
}

function here(facts: Facts, latitude = 'latitude_deg', longitude = 'longitude_deg'): Spot | undefined {
  const [lat, lon] = [facts.number(latitude), facts.number(longitude)];
  return lat === undefined || lon === undefined ? undefined : { latitude: lat, longitude: lon };
}

const minus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a - b;
const times = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a * b;

/** Seconds to `place` at the airspeed it has, with the wind it reports. */
export function timeTo(facts: Facts, place: Spot): number | undefined {
  const from = here(facts);
  const airspeed = facts.number('airspeed') ?? facts.number('cruise_airspeed');
  if (!from || !airspeed) return undefined;
  const over = speedOver(course(from, place), airspeed, windOf(facts));
  return over === undefined ? undefined : distance(from, place) / over;
}

/** The wind as it is reported; a calm comes from nowhere. */
export function windOf(facts: Facts): { speed: number; from: number } | undefined {
  const [speed, from] = [facts.number('wind_speed'), facts.number('wind_from')];
  return speed === undefined ? undefined : from === undefined ? { speed: 0, from: 0 } : { speed, from };
}

/** Wind along and across the heading: positive from ahead, and from the right. */
export function windParts(facts: Facts): { ahead: number; right: number } | undefined {
  const [reported, heading] = [windOf(facts), facts.number('heading')];
  if (reported === undefined || heading === undefined) return undefined;
  const { speed, from } = reported;
  return { ahead: speed * Math.cos(from - heading), right: speed * Math.sin(from - heading) };
}

const climb = (facts: Facts, wish: Wish): Line[] => [
  line('altitude_change', minus(wish.altitude, facts.number('altitude_msl')), 'change', { of: 'altitude' }),
];

function toPlace(facts: Facts, wish: Wish, ground: number | undefined): Line[] {
  const from = here(facts);
  if (!wish.place) return [];
  const time = timeTo(facts, wish.place);
  const fuel = times(time, facts.number('fuel_flow_kg_s'));
  return [
    line('bearing', from && course(from, wish.place), 'course'),
    line('distance', from && distance(from, wish.place), 'distance'),
    line('time', time, 'duration'),
    ...climb(facts, wish),
    line('above_ground_there', minus(wish.altitude, ground), 'height', { datum: 'agl' }),
    line('fuel_there', minus(facts.number('fuel_remaining_kg'), fuel), 'fuel'),
  ];
}

function homewards(facts: Facts): Line[] {
  const [from, home] = [here(facts), here(facts, 'home_latitude_deg', 'home_longitude_deg')];
  return [
    line('bearing_home', from && home && course(from, home), 'course'),
    facts.number('way_home') === undefined
      ? line('straight_home', facts.number('distance_home'), 'distance')
      : line('distance_home', facts.number('way_home'), 'distance'),
    line('time_home', facts.number('time_home_s'), 'duration'),
    line('fuel_home', facts.number('fuel_home_kg'), 'fuel'),
    line('fuel_then', facts.number('fuel_when_home_kg'), 'fuel'),
  ];
}

/** A landing of which the vehicle tells no way: on the spot, or by its mission. */
const landing = (facts: Facts): Line[] => [
  line('above_ground_now', facts.number('height_above_ground'), 'height', { datum: 'agl' }),
  ...wind(facts),
  line('fuel', facts.number('fuel_remaining_kg'), 'fuel'),
];

/** A landing where it is: on the runway that it chooses. Where that is not told, as home. */
function downwards(facts: Facts): Line[] {
  const fuel = facts.number('fuel_down_kg');
  if (facts.number('way_down') === undefined) return homewards(facts);
  return [
    line('distance_down', facts.number('way_down'), 'distance'),
    line('time_down', facts.number('time_down_s'), 'duration'),
    line('fuel_down', fuel, 'fuel'),
    line('fuel_landing', minus(facts.number('fuel_remaining_kg'), fuel), 'fuel'),
  ];
}

function wind(facts: Facts): Line[] {
  const parts = windParts(facts);
  return [
    line('wind_ahead', parts?.ahead, 'wind_speed'),
    line('wind_across', parts && Math.abs(parts.right), 'wind_speed'),
  ];
}

const aboard = (facts: Facts): Line[] => [
  line('fuel', facts.number('fuel_remaining_kg'), 'fuel'),
  line('endurance', facts.number('endurance_s'), 'duration'),
];

const PREVIEWS: Partial<Record<Step, (facts: Facts, wish: Wish, ground?: number) => Line[]>> = {
  arm: (facts) => [
    line('fuel', facts.number('fuel_remaining_kg'), 'fuel'),
    line('mission_items', facts.value('mission_count') as number | undefined, 'number'),
  ],
  take_off: (facts, wish) => [
    line('heading_now', facts.number('heading'), 'course'),
    ...wind(facts),
    line('above_home', minus(wish.altitude, facts.number('home_altitude_msl')), 'height', { datum: 'home' }),
    ...aboard(facts),
  ],
  go_here: toPlace,
  orbit_here: toPlace,
  altitude: (facts, wish) => [
    ...climb(facts, wish),
    line('above_ground_here', minus(wish.altitude, facts.number('ground_elevation_msl')), 'height', { datum: 'agl' }),
    line('limit', facts.number('limit_altitude_msl'), 'altitude', { datum: 'msl' }),
  ],
  speed: (facts, wish) => [
    line('speed_change', minus(wish.airspeed, facts.number('airspeed')), 'change', { of: 'airspeed' }),
    line('speed_least', facts.number('limit_airspeed_min'), 'airspeed'),
    line('speed_most', facts.number('limit_airspeed_max'), 'airspeed'),
  ],
  heading: (facts, wish) => {
    const now = facts.number('course') ?? facts.number('heading');
    const angle = wish.course === undefined || now === undefined ? undefined : turn(now, wish.course);
    return [
      line('course_now', now, 'course'),
      line(angle !== undefined && angle < 0 ? 'turn_left' : 'turn_right', angle && Math.abs(angle), 'angle'),
    ];
  },
  mission: (facts) => [
    line('mission_item', flownItem(facts), 'text'),
    line('mission_items', facts.number('mission_count'), 'text'),
    ...wind(facts),
    line('fuel_landing', facts.number('fuel_at_landing_kg'), 'fuel'),
    ...aboard(facts),
  ],
  return: homewards,
  land: (facts) => [...downwards(facts), ...wind(facts)],
  go_around: (facts) => [
    line('above_ground_now', facts.number('height_above_ground'), 'height', { datum: 'agl' }),
    line('airspeed_now', facts.number('airspeed'), 'airspeed'),
    line('fuel', facts.number('fuel_remaining_kg'), 'fuel'),
  ],
};

/** The lines of the card for the last of `steps`, the one that all others lead to. */
export function preview(
  steps: Step[],
  facts: Facts,
  wish: Wish,
  ground?: number,
  cards: Record<string, string> = {},
): Line[] {
  const last = steps.at(-1);
  if (last === 'land' && cards.land) return landing(facts);
  return (last && PREVIEWS[last]?.(facts, wish, ground)) ?? [];
}

/** What is wrong with what was asked for, as message `fly.caution.KEY`: told, not forbidden. */
export function cautions(steps: Step[], facts: Facts, wish: Wish, ground?: number): string[] {
  const found: string[] = [];
  const last = steps.at(-1);
  const has = (...names: Step[]) => last !== undefined && names.includes(last);
  if (facts.value('link_state') === 'lost') found.push('link_lost');
  const below = has('altitude') ? facts.number('ground_elevation_msl') : ground;
  if (has('altitude', 'go_here', 'orbit_here')) {
    if (below === undefined) found.push('ground_unknown');
    else if (wish.altitude !== undefined && wish.altitude - below < 150) found.push('low');
    if ((wish.altitude ?? 0) > (facts.number('limit_altitude_msl') ?? Infinity)) found.push('high');
  }
  if (has('speed') && wish.airspeed !== undefined) {
    if (wish.airspeed < (facts.number('limit_airspeed_min') ?? 0)) found.push('slow');
    if (wish.airspeed > (facts.number('limit_airspeed_max') ?? Infinity)) found.push('fast');
  }
  const needed = last === 'land' ? facts.number('fuel_down_kg') : undefined;
  const fuel = minus(facts.number('fuel_remaining_kg'), needed ?? facts.number('fuel_home_kg'));
  if (has('return', 'land') && fuel !== undefined && fuel < (facts.number('fuel_reserve_kg') ?? 0))
    found.push('fuel_short');
  return found;
}
