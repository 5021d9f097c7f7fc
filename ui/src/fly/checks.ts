// The checklists: which one the flight is at, and which items the aircraft can tell by itself.

import type { Value } from '../lib/types';
import table from './checklists.json';
import type { Facts } from './facts';

export interface Condition {
  quantity: string;
  is?: Value;
  one_of?: Value[];
  known?: boolean;
  above?: number;
  below?: number;
  above_quantity?: string;
  below_quantity?: string;
  times?: number;
  bits?: number; // all of these are set
}

export interface CheckItem {
  id: string;
  when?: Condition[]; // all of them; none: it is ticked by hand
}

export interface Checklist {
  id: string;
  items: CheckItem[];
}

export const CHECKLISTS = table as Checklist[];

/** Whether it holds; undefined where the vehicle does not report what it takes. */
export function holds(condition: Condition, facts: Facts): boolean | undefined {
  const value = facts.value(condition.quantity);
  if (condition.known) return value !== undefined;
  if (value === undefined) return undefined;
  if (condition.is !== undefined) return value === condition.is;
  if (condition.one_of) return condition.one_of.includes(value);
  if (typeof value !== 'number') return undefined;
  if (condition.bits !== undefined) return (value & condition.bits) === condition.bits;
  if (condition.above !== undefined) return value > condition.above;
  if (condition.below !== undefined) return value < condition.below;
  const other = facts.number(condition.above_quantity ?? condition.below_quantity ?? '');
  if (other === undefined) return undefined;
  const limit = other * (condition.times ?? 1);
  return condition.above_quantity ? value > limit : value < limit;
}

export type CheckState = 'told' | 'not_yet' | 'ticked' | 'open';

/** An item that the aircraft tells of is not ticked by hand, unless it does not report it. */
export function stateOf(item: CheckItem, facts: Facts, ticked: boolean): CheckState {
  const found = (item.when ?? []).map((condition) => holds(condition, facts));
  if (item.when && found.includes(false)) return 'not_yet';
  if (item.when && !found.includes(undefined)) return 'told';
  return ticked ? 'ticked' : 'open';
}

export const isDone = (state: CheckState) => state === 'told' || state === 'ticked';

/** Under which key the station keeps a tick. */
export const keyOf = (list: Checklist, item: CheckItem): string => `${list.id}.${item.id}`;

const LOW = 1000; // m above home: a descent below it is towards a landing
const FLOWN = 60; // s

/** The list that the phase of the flight calls for; a flight log of Longwatch's has finer phases. */
export function listFor(facts: Facts): Checklist {
  const id = () => {
    switch (facts.value('phase')) {
      case 'parked':
        return (facts.number('flight_time_s') ?? 0) > FLOWN ? 'after_landing' : 'before_start';
      case 'ready':
        return 'before_take_off';
      case 'stopped':
      case 'roll-out':
        return 'after_landing';
      case 'take_off':
      case 'take-off roll':
      case 'rotation':
      case 'climb-out':
        return 'after_take_off';
      case 'climb':
        return (facts.number('flight_time_s') ?? 0) < 1200 ? 'after_take_off' : 'cruise';
      case 'descent':
        return (facts.number('height_above_home') ?? 0) < LOW ? 'before_landing' : 'cruise';
      case 'landing':
      case 'approach':
      case 'final':
      case 'flare':
      case 'go-around':
      case 'dead-stick final':
      case 'field landing':
        return 'before_landing';
      case 'cruise':
      case 'en route':
      case 'loiter':
      case 'holding':
      case 'steered':
      case 'gliding':
        return 'cruise';
      default:
        return 'before_start';
    }
  };
  const wanted = id();
  return CHECKLISTS.find((list) => list.id === wanted)!;
}
