import { describe, expect, it } from 'vitest';
import { together, worst } from '../src/fleet/alerts';
import { append, shape, SPAN_S, type Curve } from '../src/fleet/history';
import type { Alert, Severity } from '../src/lib/types';

const alert = (key: string, severity: Severity, since_s: number, acknowledged = false): Alert => ({
  key,
  severity,
  since_s,
  text: null,
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
  it('forgets what is older than its span and begins anew when time runs back', () => {
    const curve: Curve = { time: [], value: [] };
    for (let time = 0; time <= 2 * SPAN_S; time += 1) append(curve, time, time);
    expect(curve.time.at(-1)! - curve.time[0]!).toBeLessThanOrEqual(SPAN_S);
    expect(curve.time.length).toBeLessThanOrEqual(121);
    append(curve, 5, 100);
    expect(curve).toEqual({ time: [5], value: [100] });
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
