import { describe, expect, it } from 'vitest';
import { clock, coordinates, duration, figure, fromUnit, toUnit, unitOf, withUnit, type Kind } from '../src/lib/units';

// Figures from definitions: 1 ft = 0.3048 m, 1 NM = 1852 m, 1 kt = 1852 m/h, 0 °C = 273.15 K.
const KNOWN: [Kind, 'metric' | 'aviation' | 'mixed', number, number, string][] = [
  ['altitude', 'aviation', 3048, 10000, 'ft'],
  ['altitude', 'mixed', 304.8, 1000, 'ft'],
  ['altitude', 'metric', 3048, 3048, 'm'],
  ['airspeed', 'aviation', 51.4444444, 100, 'kt'],
  ['ground_speed', 'mixed', 36, 36, 'm/s'],
  ['distance', 'aviation', 185200, 100, 'NM'],
  ['distance', 'metric', 185200, 185.2, 'km'],
  ['climb_rate', 'aviation', 5.08, 1000, 'ft/min'],
  ['course', 'metric', Math.PI, 180, '°'],
  ['temperature', 'aviation', 373.15, 100, '°C'],
  ['pressure', 'metric', 101325, 1013.25, 'hPa'],
  ['fuel_flow', 'metric', 10 / 3600, 10, 'kg/h'],
  ['engine_speed', 'metric', 2 * Math.PI * 80, 4800, 'rpm'],
  ['share', 'metric', 0.25, 25, '%'],
  ['milliseconds', 'metric', 0.15, 150, 'ms'],
];

describe('units', () => {
  it.each(KNOWN)('%s in %s: %d SI is %d %s', (kind, system, si, shown, symbol) => {
    expect(toUnit(si, kind, system)).toBeCloseTo(shown, 4);
    expect(fromUnit(shown, kind, system)).toBeCloseTo(si, 4);
    expect(unitOf(kind, system).symbol).toBe(symbol);
  });

  it('groups what is long and keeps the sign of what is below zero', () => {
    expect(figure(12000, 'length', 'metric')).toBe('12\u202f000');
    expect(figure(-12.34, 'climb_rate', 'metric')).toBe('\u221212.3');
    expect(figure(-0.001, 'climb_rate', 'metric')).not.toContain('\u2212');
    expect(withUnit(3048, 'altitude', 'aviation')).toMatch(/^10\u202f000\u00a0ft$/);
  });

  it('tells durations and times of day', () => {
    expect(duration(26 * 3600 + 5 * 60)).toBe('26\u00a0h\u00a005\u00a0min');
    expect(duration(59)).toBe('59\u00a0s');
    expect(duration(600)).toBe('10\u00a0min');
    expect(clock(86400 + 3661)).toBe('01:01:01');
  });

  it('names hemispheres', () => {
    expect(coordinates(-41.13, 27.9)).toBe('41.13000°\u00a0S 27.90000°\u00a0E');
  });
});
