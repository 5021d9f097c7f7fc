import { describe, expect, it } from 'vitest';
import { Applying } from '../src/parameters/apply.svelte';
import { alike, compare, readFile, writeFile } from '../src/parameters/files';
import { bitSet, called, exact, faultOf, fitting, groupsOf, numberIn, rowsOf, shown, withBit, type Aboard, type Meaning } from '../src/parameters/list';
import { whyNotRead, whyNotSet } from '../src/parameters/store.svelte';
import type { VehicleInfo } from '../src/lib/types';

const ABOARD: Aboard[] = [
  { name: 'ARSPD_FBW_MIN', value: 12, type: 'int16' },
  { name: 'NAV_LOITER_RAD', value: 800, type: 'float' },
  { name: 'RTL_AUTOLAND', value: 2, type: 'int8' },
  { name: 'SCALE', value: Math.fround(0.1), type: 'float' },
];
const MEANINGS: Record<string, Meaning> = {
  NAV_LOITER_RAD: { short: 'Radius of a circle', group: 'Navigation', unit: 'm', min: 100, max: 2000, default: 800, decimals: 0 },
  RTL_AUTOLAND: { values: [[0, 'never'], [2, 'at once']], default: 0 },
  SCALE: { default: 0.1 },
}; // prettier-ignore
const rows = rowsOf(ABOARD, MEANINGS);
const row = (name: string) => rows.find((one) => one.name === name)!;

describe('values', () => {
  it('are written in as few digits as tell them from their neighbours', () => {
    expect(exact(Math.fround(0.1), 'float')).toBe('0.1');
    expect(exact(Math.fround(1 / 3), 'float')).toBe('0.33333334');
    expect(exact(16777216, 'float')).toBe('16777216');
    expect(exact(4294967295, 'uint32')).toBe('4294967295');
    for (const value of [Math.PI, 1e-7, -123.456, 3.3e38, 1e10 / 3])
      expect(Math.fround(Number(exact(Math.fround(value), 'float')))).toBe(Math.fround(value));
  });

  it('are shown to the decimals that the vehicle names, and never as 0 where they are not', () => {
    expect(shown(Math.fround(30.00007), 'float', { decimals: 3 })).toBe('30');
    expect(shown(Math.fround(0.00012), 'float', { decimals: 1 })).toBe('0.00012');
  });

  it('are called by their choice or their bits', () => {
    expect(called(2, row('RTL_AUTOLAND').meaning)).toBe('at once');
    expect(called(5, { bits: [[0, 'a'], [1, 'b'], [2, 'c']] })).toBe('a, c'); // prettier-ignore
    expect(withBit(5, 1, true)).toBe(7);
    expect(withBit(5, 0, false)).toBe(4);
    expect(bitSet(2 ** 31, 31)).toBe(true);
  });

  it('are read as people type them', () => {
    expect([' 12 ', '-0,5', '1e3', '0x1F', '−3'].map(numberIn)).toEqual([12, -0.5, 1000, 31, -3]);
    for (const text of ['', 'twelve', '1,000.5', '1 2', '0x', 'Infinity', '--1']) expect(numberIn(text)).toBeNaN();
  });

  it('that cannot be are named before anything is sent', () => {
    expect(faultOf(1.5, row('RTL_AUTOLAND'))).toBe('not_whole');
    expect(faultOf(200, row('RTL_AUTOLAND'))).toBe('too_large');
    expect(faultOf(Number.NaN, row('SCALE'))).toBe('not_number');
    expect(faultOf(99, row('NAV_LOITER_RAD'))).toBe('outside');
    expect(faultOf(2000, row('NAV_LOITER_RAD'))).toBeUndefined();
    expect(faultOf(1, { ...row('SCALE'), meaning: { read_only: true } })).toBe('read_only');
  });
});

describe('the list', () => {
  it('is found by words of name and meaning, by group, by what changed', () => {
    const names = (wanted: object) => fitting(rows, { words: '', group: '', changed: false, ...wanted }).map((one) => one.name);
    expect(names({ words: 'circle rad' })).toEqual(['NAV_LOITER_RAD']);
    expect(names({ words: 'rtl' })).toEqual(['RTL_AUTOLAND']);
    expect(names({ changed: true })).toEqual(['RTL_AUTOLAND']);
    expect(names({ group: 'Navigation' })).toEqual(['NAV_LOITER_RAD']);
    expect(groupsOf(rows)).toEqual([['ARSPD', 1], ['Navigation', 1], ['RTL', 1], ['SCALE', 1]]); // prettier-ignore
  });

  it('takes names that every object has for names', () => {
    expect(rowsOf([{ name: 'constructor', value: 1, type: 'int8' }], {})[0]!.meaning).toEqual({});
  });

  it('of 3000 is searched in no time that anybody notices', () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({ name: `P${n}_GAIN`, value: n, type: 'float' }));
    const all = rowsOf(many, {});
    expect(fitting(all, { words: 'p29', group: '', changed: false })).toHaveLength(111);
  });
});

describe('files', () => {
  const QGC = '# Onboard parameters\n#\n# Vehicle-Id Component-Id Name Value Type\n1\t1\tNAV_LOITER_RAD\t950.000000000000000000\t9\n1\t1\tRTL_AUTOLAND\t2\t2\n1\t158\tMNT_MODE\t3\t6\n';

  it('of QGroundControl, Mission Planner and MAVProxy are read', () => {
    const read = readFile(QGC);
    expect(read.faults).toEqual([]);
    expect(read.otherComponents).toBe(1);
    expect(read.values.map(({ name, value }) => [name, value])).toEqual([['NAV_LOITER_RAD', 950], ['RTL_AUTOLAND', 2]]); // prettier-ignore
    const planner = readFile('\ufeff#NOTE: 1/2/2026\r\nNAV_LOITER_RAD,950\r\nRTL_AUTOLAND,2\r\n');
    expect([planner.faults, planner.values.map(({ value }) => value)]).toEqual([[], [950, 2]]);
    const proxy = readFile('NAV_LOITER_RAD   950.000000\nRTL_AUTOLAND     2.000000\n');
    expect([proxy.faults, proxy.values.map(({ value }) => value)]).toEqual([[], [950, 2]]);
  });

  it('that are none are refused as a whole', () => {
    const key = (text: string) => readFile(text).faults[0]!.key;
    expect(key('')).toBe('no_parameter');
    expect(key('{"fileType": "Plan"}')).toBe('no_parameter');
    expect(key('\x89PNG\0\0')).toBe('binary');
    expect(key('A,1\n'.repeat(30_000))).toBe('too_large');
    expect(key('x'.repeat(3_000_000))).toBe('too_large');
    expect(readFile('QGC WPL 110\n0\t1\t0\t16\t0\t0\t0\t0\t1\t2\t3\t1\n').values).toEqual([]);
  });

  it('have all their faults listed by line; a name that only looks like one is a fault', () => {
    const { faults } = readFile('OK_ONE,1\nNАV_RAD,5\nTWO three\nB,nan\nC,0x10\nOK_ONE,2\nD,1,2\nLONGER_THAN_SIXTEEN,1\n');
    expect(faults.map(({ line, key }) => [line, key])).toEqual([
      [2, 'bad_name'], [3, 'bad_value'], [4, 'bad_value'], [5, 'bad_value'], [6, 'twice'], [7, 'not_understood'],
      [8, 'bad_name'],
    ]); // prettier-ignore
  });

  it('are compared by what values are, not by how they are written', () => {
    expect(alike(Math.fround(0.1), 'float', { value: 0.1, text: '0.1' })).toBe(true);
    expect(alike(Math.fround(1.23456789e-5), 'float', { value: 0.000012, text: '0.000012' })).toBe(true);
    expect(alike(0.45, 'float', { value: 0.5, text: '0.5' })).toBe(false);
    expect(alike(2, 'int8', { value: 2.000001, text: '2.000001' })).toBe(false);
    const told = compare(rows, readFile('NAV_LOITER_RAD,950\nSCALE,0.1\nNOT_THERE,7\nRTL_AUTOLAND,2\n').values);
    expect(told.same).toBe(2);
    expect(told.differences.map(({ row, value }) => [row.name, value])).toEqual([['NAV_LOITER_RAD', 950]]);
    expect(told.unknown.map(({ name }) => name)).toEqual(['NOT_THERE']);
    expect(told.absent.map(({ name }) => name)).toEqual(['ARSPD_FBW_MIN']);
  });

  it('that are written read back the same, whatever the vehicle is called', () => {
    for (const format of ['params', 'param'] as const) {
      const read = readFile(writeFile(rows, format, 7, 'a\n1,2 <b>'));
      expect(read.faults).toEqual([]);
      expect(compare(rows, read.values)).toMatchObject({ same: 4, differences: [], unknown: [], absent: [] });
    }
    expect(writeFile(rows, 'params', 7, 't')).toContain('7\t1\tARSPD_FBW_MIN\t12\t4\n');
  });
});

describe('a file that is applied', () => {
  const differences = ['A', 'B', 'C'].map((name) => ({ row: { ...row('SCALE'), name }, value: 1 }));

  it('is written in order; what needed another is tried again, what is refused says why', async () => {
    const sent: string[] = [];
    const applying = new Applying(async (name) => {
      sent.push(name);
      if (name === 'A' && !sent.includes('B')) return 'B first';
      return name === 'C' ? 'never' : '';
    });
    await applying.run(differences);
    expect(sent).toEqual(['A', 'B', 'C', 'A', 'C']);
    expect(applying.list.map(({ state, text }) => [state, text])).toEqual([['set', ''], ['set', ''], ['refused', 'never']]); // prettier-ignore
    expect(applying.refused).toBe(1);
  });

  it('stops where it is told to', async () => {
    const applying: Applying = new Applying(async () => (applying.stop(), ''));
    await applying.run(differences);
    expect(applying.list.map(({ state }) => state)).toEqual(['set', 'waits', 'waits']);
  });
});

describe('who may set', () => {
  const info = (pilot: string | null, replay = false) => ({ pilot, replay }) as VehicleInfo;
  const asker = (...roles: string[]) => ({ user: 'ann', can: (role: string) => roles.includes(role) });

  it('is the pilot, or a commander while nobody flies', () => {
    expect(whyNotSet(info('ann'), asker('pilot'))).toBeUndefined();
    expect(whyNotSet(info(null), asker('commander'))).toBeUndefined();
    expect(whyNotSet(info('bob'), asker('commander', 'pilot'))?.key).toBe('pilot');
    expect(whyNotSet(info(null), asker('pilot'))?.key).toBe('control');
    expect(whyNotSet(info('ann'), asker('instructor'))?.key).toBe('role');
    expect(whyNotSet(info('ann', true), asker('pilot'))?.key).toBe('replay');
    expect(whyNotRead(info('bob'), asker('commander'))).toBeUndefined();
    expect(whyNotRead(info('bob'), asker('pilot'))?.key).toBe('pilot');
  });
});
