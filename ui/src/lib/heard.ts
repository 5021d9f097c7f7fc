// Which alerts are heard, as each user chooses.

export const HEARD = ['off', 'warnings', 'all'] as const;
export type Heard = (typeof HEARD)[number];

/** A choice of sound as it is kept, also from before there were words for it. */
export function heardOf(kept: unknown): Heard {
  if (typeof kept === 'boolean') return kept ? 'all' : 'off';
  return HEARD.find((one) => one === kept) ?? 'warnings';
}
