import { describe, expect, it } from 'vitest';
import { beside, fitting, numeric, plotLabel, rateText, Series } from '../src/inspector/messages';
import { whyNoMode, type Situation } from '../src/fly/commands/actions';
import { argumentsOf, type Draft } from '../src/fly/commands/orders.svelte';
import { factsFrom } from '../src/fly/facts';

const OF = { component: 1, number: 30, message: 'ATTITUDE', field: 'roll', element: -1, unit: 'rad' };

describe('a series of a field', () => {
  it('keeps what lies within its time, and begins anew where a log went back', () => {
    const series = new Series(OF, 10);
    series.take({ now_s: 100, time_s: [85, 95, 100], value: [1, 2, 3] });
    expect(series.times).toEqual([95, 100]);
    series.take({ now_s: 108, time_s: [107], value: [4] });
    expect(series.values).toEqual([3, 4]);
    series.take({ now_s: 20, time_s: [], value: [] });
    expect(series.times).toEqual([]);
    for (let n = 0; n < 5000; n++) series.take({ now_s: n / 50, time_s: [n / 50], value: [n] });
    expect(series.times.length).toBeLessThanOrEqual(501);
  });

  it('is named by message, field and element', () => {
    expect(plotLabel(OF)).toBe('ATTITUDE.roll');
    expect(plotLabel({ ...OF, field: 'voltages', element: 2 })).toBe('ATTITUDE.voltages[2]');
  });
});

describe('messages', () => {
  it('are found by name, number and component', () => {
    const one = { component: 1, number: 30, name: 'ATTITUDE', count: 1, rate_hz: 1, age_s: 0 };
    expect(fitting([one], 'atti 30')).toHaveLength(1);
    expect(fitting([one], 'heart')).toHaveLength(0);
  });

  it('tell rates and figures as people read them', () => {
    expect([0, 0.2, 2.5, 49.8].map(rateText)).toEqual(['–', '0.20', '2.5', '50']);
    expect(beside(Math.PI / 2, 'rad')).toBe('90.0°');
    expect(beside(411234567, 'degE7')).toBe('41.123457°');
    expect(beside(5, 'm')).toBe('');
    expect([numeric(1), numeric('nan'), numeric([1, 2]), numeric('text')]).toEqual([true, false, true, false]);
  });
});

describe('a choice of mode', () => {
  const situation: Situation = {
    facts: factsFrom({}), user: 'ann', pilotRole: true, pilot: 'ann', replay: false, commands: ['mode'],
    barred: {}, cards: {}, alerts: [], station: true,
  }; // prettier-ignore

  it('is offered to the pilot alone, and sends the name of the mode', () => {
    expect(whyNoMode(situation)).toBeUndefined();
    expect(whyNoMode({ ...situation, pilotRole: false })?.key).toBe('fly.why.role');
    expect(whyNoMode({ ...situation, pilot: 'bob' })?.key).toBe('fly.why.pilot');
    expect(whyNoMode({ ...situation, pilot: null })?.key).toBe('fly.why.control');
    expect(whyNoMode({ ...situation, commands: [] })?.key).toBe('fly.why.unsupported');
    expect(whyNoMode({ ...situation, replay: true })?.key).toBe('fly.why.replay');
    expect(argumentsOf('mode', { mode: 'FBWB' } as Draft)).toEqual({ name: 'FBWB' });
  });
});
