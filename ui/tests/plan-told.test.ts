// What the judge says: its figures in the reader's units, its words in his language.
import { afterEach, expect, test } from 'vitest';
import { useLanguage } from '../src/lib/i18n.svelte';
import { told } from '../src/plan/judging/told';

const low = {
  text: 'on the way to it the terrain comes within {0} at {1} (ground at {2}, flown at {3} above sea level); {4} are kept there',
  figures: [['height', 100], ['text', '41.1, 28.0'], ['altitude', 1000], ['altitude', 1100], ['height', 152.4]],
} as Parameters<typeof told>[0]; // prettier-ignore

afterEach(() => useLanguage('en'));

test('figures are in the units chosen', () => {
  expect(told(low, 'aviation')).toBe(
    'on the way to it the terrain comes within 328\u00a0ft at 41.1, 28.0 (ground at 3281\u00a0ft, flown at 3609\u00a0ft above sea level); 500\u00a0ft are kept there',
  );
  expect(told(low, 'metric')).toContain('ground at 1000\u00a0m, flown at 1100\u00a0m');
  const radius = { text: 'give it {0} at {1}, {2}', figures: [['length', 500], ['airspeed', 36], ['duration', 1200]] } as typeof low;
  expect(told(radius, 'mixed')).toBe('give it 500\u00a0m at 70\u00a0kt, 20\u00a0min');
});

test('words are those of the language, English where it has none', async () => {
  await useLanguage('uk');
  expect(told(low, 'metric')).toMatch(/^на шляху до нього рельєф наближається до 100\u00a0m у 41.1, 28.0/);
  expect(told({ text: 'never heard of: {0}', figures: [['altitude', 10]] }, 'metric')).toBe('never heard of: 10\u00a0m');
});
