import { describe, expect, it } from 'vitest';
import { together, worst } from '../src/fleet/alerts';
import { recent, shape, SPAN_S } from '../src/fleet/history';
import type { Alert, Severity } from '../src/lib/types';

const alert = (key: string, severity: Severity, since_s: number, acknowledged = false): Alert => ({
  key,
  severity,
  since_s,
  text: null,
  told: [],
  cause: null,
  values: {},
  acknowledged,
});

describe('alerts of all aircraft', () => {
  it('come worst first, newest first among equals, and acknowledged ones last', () => {
    const list = together([
      { id: '1', name: 'a', alerts: [alert('seen', 'warning', 9, true), alert('low', 'caution', 1)] },
      { id: '2', name: 'b', alerts: [alert('fire', 'warning', 3), alert('late', 'caution', 5)] },
    ]);
    expect(list.map((one) => one.alert.key)).toEqual(['fire', 'late', 'low', 'seen']);
    expect(list[0]?.id).toBe('2');
  });

  it('show the most severe on the strip, even when it was acknowledged', () => {
    expect(worst([alert('b', 'caution', 9), alert('a', 'warning', 1, true)])?.key).toBe('a');
    expect(worst([])).toBeUndefined();
  });
});

describe('the curve of altitude', () => {
  it('is the last ten minutes of the trail, without what was not reported', () => {
    const time = Array.from({ length: 1000 }, (_, index) => index);
    const altitude = time.map((at) => (at === 990 ? NaN : 2 * at));
    const curve = recent({ time, altitude });
    expect(curve.time[0]).toBe(999 - SPAN_S);
    expect(curve.time).not.toContain(990);
    expect(curve.value.at(-1)).toBe(1998);
    expect(recent({ time: [], altitude: [] })).toEqual({ time: [], value: [] });
  });

  it('draws level flight in the middle and a climb from bottom to top', () => {
    expect(shape({ time: [0, SPAN_S], value: [500, 500] }, 80, 40, 100)).toEqual([
      [0, 20],
      [80, 20],
    ]);
    expect(shape({ time: [0, SPAN_S], value: [0, 400] }, 80, 40, 100)).toEqual([
      [0, 40],
      [80, 0],
    ]);
  });
});
