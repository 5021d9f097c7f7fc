// Which entries of a document the findings are about.

import type { FlatItem } from '../document/flat';
import type { Finding } from './judged';

export type Severity = Finding['severity'];

export function marks(flat: FlatItem[], findings: Finding[]): Map<number, Severity> {
  const entryOf = new Map(flat.map(({ sequence, entry }) => [sequence, entry]));
  const found = new Map<number, Severity>();
  for (const { item, severity } of findings) {
    const entry = item === null ? undefined : entryOf.get(item);
    if (entry !== undefined && found.get(entry) !== 'error') found.set(entry, severity);
  }
  return found;
}

export function bySeverity(findings: Finding[]): Finding[] {
  const rank = { error: 0, warning: 1 };
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity]);
}
