// No file of the page imports itself by way of others, types included.

import { expect, test } from 'vitest';

const SOURCES = import.meta.glob<string>('../src/**/*.{ts,svelte}', { query: '?raw', import: 'default', eager: true });

function named(from: string, target: string): string | undefined {
  const path = new URL(target, `file:///x/${from.slice(3)}`).pathname.slice(2);
  return [path, `${path}.ts`].map((name) => `..${name}`).find((name) => name in SOURCES);
}

/** What each file imports of the others. */
const ARROWS = new Map(
  Object.entries(SOURCES).map(([file, text]) => {
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)].map(([, target]) => named(file, target!));
    return [file, targets.filter((target) => target !== undefined)];
  }),
);

/** The first circle that leads from a file back to one on the way to it. */
function circle(file: string, way: string[], done: Set<string>): string[] | null {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (done.has(file)) return null;
  for (const next of ARROWS.get(file) ?? []) {
    const found = circle(next, [...way, file], done);
    if (found) return found;
  }
  done.add(file);
  return null;
}

test('no file imports itself by way of others', () => {
  expect(ARROWS.get('../src/main.ts')).toContain('../src/App.svelte');
  expect(ARROWS.size).toBeGreaterThan(150);
  const done = new Set<string>();
  expect([...ARROWS.keys()].map((file) => circle(file, [], done)).find((found) => found)).toBeUndefined();
});
