// The commands that the aircraft flies, and the fields of each: what the item editor offers.

import type { Kind } from '../../lib/units';

export const CMD = {
  WAYPOINT: 16,
  LOITER_UNLIM: 17,
  LOITER_TURNS: 18,
  LOITER_TIME: 19,
  RETURN: 20,
  LAND: 21,
  TAKEOFF: 22,
  LOITER_TO_ALT: 31,
  CONDITION_DELAY: 112,
  DO_JUMP: 177,
  DO_CHANGE_SPEED: 178,
  DO_LAND_START: 189,
} as const;

export interface Field {
  param: number; // index in params
  name: string; // message key under plan.field.
  kind: Kind | 'seconds' | 'count' | 'item' | 'circle';
  least?: number;
  most?: number;
  /** What the value means where the file leaves it open. */
  open?: 'none' | 'aircraft';
}

export interface Command {
  command: number;
  key: string; // message key under plan.command.
  placed: boolean;
  altitude: boolean;
  params: (number | null)[]; // for a new one
  fields: Field[];
}

const hold: Field = { param: 0, name: 'hold', kind: 'seconds', least: 0, most: 604800 };
const circle = (param: number): Field => ({ param, name: 'radius', kind: 'circle', open: 'aircraft' });

export const COMMANDS: Command[] = [
  { command: CMD.TAKEOFF, key: 'takeoff', placed: true, altitude: true, params: [0, 0, 0, null], fields: [] },
  { command: CMD.WAYPOINT, key: 'waypoint', placed: true, altitude: true, params: [0, 0, 0, null], fields: [hold] },
  {
    command: CMD.LOITER_TIME, key: 'loiter_time', placed: true, altitude: true, params: [600, null, 1500, 1],
    fields: [{ ...hold, name: 'time' }, circle(2)],
  },
  {
    command: CMD.LOITER_TURNS, key: 'loiter_turns', placed: true, altitude: true, params: [3, null, 1500, 1],
    fields: [{ param: 0, name: 'turns', kind: 'count', least: 0, most: 1000 }, circle(2)],
  },
  { command: CMD.LOITER_UNLIM, key: 'loiter_unlimited', placed: true, altitude: true, params: [0, 0, 1500, null], fields: [circle(2)] },
  { command: CMD.LOITER_TO_ALT, key: 'loiter_to_altitude', placed: true, altitude: true, params: [0, 1500, 0, 1], fields: [circle(1)] },
  { command: CMD.LAND, key: 'land', placed: true, altitude: true, params: [0, 0, 0, null], fields: [] },
  { command: CMD.RETURN, key: 'return', placed: false, altitude: false, params: [0, 0, 0, 0], fields: [] },
  {
    command: CMD.DO_CHANGE_SPEED, key: 'speed', placed: false, altitude: false, params: [0, 36, -1, 0],
    fields: [{ param: 1, name: 'airspeed', kind: 'airspeed', least: 0 }],
  },
  { command: CMD.DO_LAND_START, key: 'land_start', placed: false, altitude: false, params: [0, 0, 0, 0], fields: [] },
  {
    command: CMD.DO_JUMP, key: 'jump', placed: false, altitude: false, params: [1, 1, 0, 0],
    fields: [
      { param: 0, name: 'jump_to', kind: 'item' },
      { param: 1, name: 'repeats', kind: 'count', least: -1, most: 32767 },
    ],
  },
  {
    command: CMD.CONDITION_DELAY, key: 'delay', placed: false, altitude: false, params: [60, 0, 0, 0],
    fields: [{ ...hold, name: 'time' }],
  },
];

export const COMMAND_OF = new Map(COMMANDS.map((command) => [command.command, command]));
const LOITERS = new Set<number>([CMD.LOITER_UNLIM, CMD.LOITER_TURNS, CMD.LOITER_TIME, CMD.LOITER_TO_ALT]);

export const isLoiter = (command: number): boolean => LOITERS.has(command);

/** Radius in m, positive clockwise; 0 where the file leaves it to the aircraft. */
export function radiusOf(item: { command: number; params: (number | null)[] }): number {
  if (!isLoiter(item.command)) return 0;
  return item.params[item.command === CMD.LOITER_TO_ALT ? 1 : 2] ?? 0;
}
