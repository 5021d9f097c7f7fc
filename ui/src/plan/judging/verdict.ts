// The verdict on a mission: what is judged over unknown ground or in an assumed calm is no plain yes.

export type Verdict = 'empty' | 'refused' | 'waiting' | 'assumed' | 'flyable';
export type Unknown = 'terrain' | 'wind';

/** What the judgement had to assume: the ground where no terrain is loaded, a calm where no wind was given. */
export function unknowns(terrain: boolean | null, windGiven: boolean): Unknown[] {
  return [...(terrain === true ? [] : ['terrain' as const]), ...(windGiven ? [] : ['wind' as const])];
}

export function verdictOf(empty: boolean, refused: boolean, flyable: boolean | null, unknown: Unknown[]): Verdict {
  if (empty) return 'empty';
  if (refused) return 'refused';
  if (flyable === null) return 'waiting';
  if (!flyable) return 'refused';
  return unknown.length > 0 ? 'assumed' : 'flyable';
}
