// From what the simulation says a fault takes to what it is sent.

import { has, t } from '../lib/i18n.svelte';
import type { Argument, Standing } from './simulation.svelte';

export type Typed = Record<string, string>;

/** What is wrong with what was typed: the key of a message, "" for nothing. */
export function wrongWith(argument: Argument, typed: string): string {
  if (typed === '') return argument.optional ? '' : 'instructor.wrong.missing';
  if (argument.choices.length > 0) return argument.choices.includes(typed) ? '' : 'instructor.wrong.choice';
  const value = Number(typed);
  if (!Number.isFinite(value)) return 'instructor.wrong.number';
  if (argument.whole && !Number.isInteger(value)) return 'instructor.wrong.whole';
  return value < argument.minimum || value > argument.maximum ? 'instructor.wrong.range' : '';
}

/** The body that makes a fault begin: what was left empty is left out. */
export function bodyOf(
  name: string,
  takes: Argument[],
  typed: Typed,
): Record<string, string | number> {
  const body: Record<string, string | number> = { name };
  for (const argument of takes) {
    const text = typed[argument.name] ?? '';
    if (text !== '') body[argument.name] = argument.choices.length > 0 ? text : Number(text);
  }
  return body;
}

/** Whole numbers of a small range are better chosen than typed. */
export function asChoices(argument: Argument): string[] {
  if (argument.choices.length > 0) return argument.choices;
  const count = argument.maximum - argument.minimum + 1;
  if (!argument.whole || count > 8) return [];
  return Array.from({ length: count }, (_, index) => String(argument.minimum + index));
}

/** What an argument of a fault is called. */
export const argumentName = (name: string): string => (has(`instructor.argument.${name}`) ? t(`instructor.argument.${name}`) : name);

/** "channel 1, rate 0.02": what stands of a fault, without its name. */
export function standingText(standing: Standing): string {
  return Object.entries(standing)
    .filter(([key, value]) => key !== 'name' && value !== null)
    .map(([key, value]) => `${argumentName(key)} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
    .join(', ');
}

/** What ends one standing fault: its name and which part; figures that ending ignores stay out. */
export function endingOf(standing: Standing, takes: Argument[]): Record<string, string | number> {
  const body: Record<string, string | number> = { name: standing.name };
  for (const { name, choices, whole } of takes) {
    const value = standing[name];
    if (value !== null && value !== undefined && (choices.length > 0 || whole)) body[name] = value;
  }
  return body;
}
