// The words of marks on the plan's chart: read, whatever lies around.
import { expect, test } from 'vitest';
import { markBox, wordBox } from '../src/plan/map/naming';

const RADIUS = 12;
const AT = { x: 100, y: 100 };
const below = { x: 103, y: 124 }; // an item where the word would stand

test('a word stands where it belongs as long as nothing is there', () => {
  expect(wordBox(AT, RADIUS, 30, 'below', [])).toEqual({ left: 85, right: 115, top: 115, bottom: 129 });
  expect(wordBox(AT, RADIUS, 30, 'above', [])).toMatchObject({ top: 71, bottom: 85 });
});

test('a word gives way to marks and to words, and is left away where all is taken', () => {
  const taken = [markBox(AT, RADIUS), markBox(below, RADIUS)];
  const above = wordBox(AT, RADIUS, 30, 'below', taken)!;
  expect(above).toMatchObject({ top: 71, bottom: 85 });
  const beside = wordBox(AT, RADIUS, 30, 'below', [...taken, above])!;
  expect(beside).toMatchObject({ left: 115, top: 93 });
  const left = wordBox(AT, RADIUS, 30, 'below', [...taken, above, beside])!;
  expect(left).toMatchObject({ right: 85, top: 93 });
  expect(wordBox(AT, RADIUS, 30, 'below', [...taken, above, beside, left])).toBeNull();
});
