import { expect, test } from 'vitest';
import { graticule, graticuleStep, lineName } from '../src/map/graticule';

test.each([
  [41, 'NS', '41°N'], [-33.5, 'NS', '33°30′S'], [27 + 1 / 12, 'EW', '27°05′E'], [0, 'NS', '0°'], [-180, 'EW', '180°'],
  [-0.25, 'EW', '0°15′W'], [41 + 59.9999 / 60, 'NS', '42°N'],
] as const)('the line at %d is named', (degrees, letters, name) => expect(lineName(degrees, letters)).toBe(name));

test('names stand on lines of a round step, also over the date line', () => {
  expect(graticuleStep(1)).toBeCloseTo(1 / 6);
  const { features } = graticule(-1, 179, 1, 181.5);
  const names = features.flatMap(({ properties }) => properties?.name ?? []);
  expect(names).toContain('180°');
  expect(names).toContain('179°45′W');
  for (const { geometry, properties } of features) {
    if (geometry.type !== 'Point') continue;
    const [x, y] = geometry.coordinates as [number, number];
    const name = properties!.name as string;
    expect([lineName(x - 360 * Math.round(x / 360), 'EW'), lineName(y, 'NS')]).toContain(name);
  }
});
