import { describe, expect, it } from 'vitest';
import { areaOf, settingOf, surveyEntry, surveyItems, tracks } from '../src/plan/patterns/survey';
import { corners, searchItems, searchLength } from '../src/plan/patterns/search';
import { approachLength, axisOf, landingItems, leastHeight, PROCEDURES, takeoffItems } from '../src/plan/patterns/runway';
import { direct, distance, flatten, inverse, type Place } from '../src/map/geodesy';
import type { Runway } from '../src/map/chart';

const CENTRE: Place = [41, 28];
const DEGREE = Math.PI / 180;

/** A rectangle `wide` by `long` m about CENTRE, its long side along `course`. */
function rectangle(wide: number, long: number, course: number): Place[] {
  const far = Math.hypot(wide, long) / 2;
  const half = Math.atan2(wide, long);
  return [half, Math.PI - half, Math.PI + half, -half].map((angle) => direct(CENTRE, course + angle, far));
}

describe('geodesy', () => {
  // Vincenty (1975), test line on the international ellipsoid's successor: GeographicLib's own
  // published WGS84 example, JFK to LHR.
  it('agrees with the published distance from JFK to LHR', () => {
    const found = inverse([40.6, -73.8], [51.6, -0.5]);
    expect(found.distance).toBeCloseTo(5551759.4003186841, 3);
    expect(found.course / DEGREE).toBeCloseTo(51.198882845579824, 9);
  });

  it('keeps lengths and directions from the origin of a flat view', () => {
    const [east, north] = flatten(CENTRE, direct(CENTRE, 0.3, 20000));
    expect(Math.hypot(east, north)).toBeCloseTo(20000, 5);
    expect(Math.atan2(east, north)).toBeCloseTo(0.3, 9);
  });
});

describe('survey', () => {
  const setting = {
    polygon: rectangle(4000, 10000, 30 * DEGREE),
    spacing: 500,
    angle: 30 * DEGREE,
    altitude: 1200,
    datum: 'msl' as const,
    turnaround: 300,
    entry: 0,
  };

  it('covers a rectangle of 40 km2 with tracks of its length, one every spacing', () => {
    const found = tracks(setting);
    expect(areaOf(setting.polygon)).toBeCloseTo(40e6, -3);
    expect(found.length).toBe(8);
    const covered = found.reduce((sum, [from, to]) => sum + distance(from, to) * setting.spacing, 0);
    expect(covered / 40e6).toBeCloseTo(1, 4);
  });

  it('keeps neighbouring tracks the spacing apart, and flies them to and fro', () => {
    const found = tracks(setting);
    for (let i = 1; i < found.length; i++) {
      const [before, here] = [found[i - 1]!, found[i]!];
      expect(distance(before[1], here[0])).toBeCloseTo(500, 1);
      const turn = inverse(...before).course - inverse(...here).course;
      expect(Math.cos(turn)).toBeCloseTo(-1, 6);
    }
  });

  it('leaves no point of the polygon further than half a spacing from a track', () => {
    const odd = { ...setting, spacing: 730, angle: 30 * DEGREE };
    const found = tracks(odd);
    const first = flatten(CENTRE, found[0]![0]);
    const last = flatten(CENTRE, found.at(-1)![0]);
    const across = ([east, north]: [number, number]) => east * Math.cos(odd.angle) - north * Math.sin(odd.angle);
    expect(Math.abs(across(first))).toBeGreaterThan(2000 - 365 - 1);
    expect(Math.abs(across(last))).toBeGreaterThan(2000 - 365 - 1);
  });

  it('covers a triangle by half of its rectangle', () => {
    const [a, b, c] = rectangle(4000, 4000, 0);
    const triangle = { ...setting, polygon: [a!, b!, c!], angle: 0, spacing: 50 };
    const covered = tracks(triangle).reduce((sum, [from, to]) => sum + distance(from, to) * 50, 0);
    expect(covered / 8e6).toBeCloseTo(1, 2);
  });

  it('flies the turnaround beyond each end', () => {
    const items = surveyItems(setting);
    expect(items.length).toBe(16);
    const place = (i: number) => items[i]!.params.slice(4, 6) as Place;
    expect(distance(place(0), place(1))).toBeCloseTo(10600, 0);
  });

  it('enters at any corner', () => {
    const starts = [0, 1, 2, 3].map((entry) => tracks({ ...setting, entry })[0]![0]);
    for (const start of starts)
      expect(Math.min(...setting.polygon.map((corner) => distance(corner, start)))).toBeLessThan(251);
    const apart = new Set(starts.map((start) => start.map((x) => x.toFixed(3)).join()));
    expect(apart.size).toBe(4);
  });

  it('is read back from its entry as it was set', () => {
    const entry = surveyEntry(setting);
    const back = settingOf(JSON.parse(JSON.stringify(entry)));
    expect(back).toEqual({ ...setting, angle: expect.closeTo(setting.angle, 12) });
  });
});

describe('expanding square', () => {
  const setting = {
    start: CENTRE, spacing: 1852, course: 40 * DEGREE, legs: 11, right: true, altitude: 600, datum: 'msl' as const,
  };

  it('has legs of D, D, 2D, 2D, 3D, 3D and on', () => {
    const found = corners(setting);
    const legs = found.slice(1).map((place, i) => distance(found[i]!, place) / 1852);
    [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6].forEach((length, i) => expect(legs[i]).toBeCloseTo(length, 4));
    const total = legs.reduce((a, b) => a + b, 0) * 1852;
    expect(total).toBeCloseTo(searchLength(1852, 11), -1);
    expect(searchLength(1, 11)).toBe(36);
    expect(searchLength(1, 4)).toBe(6);
  });

  it('turns right by a right angle at each corner, left where asked', () => {
    for (const right of [true, false]) {
      const found = corners({ ...setting, right });
      for (let i = 2; i < found.length; i++) {
        const back = inverse(found[i - 1]!, found[i - 2]!).course + Math.PI;
        const turn = inverse(found[i - 1]!, found[i]!).course - back;
        expect(Math.sin(turn)).toBeCloseTo(right ? 1 : -1, 4);
      }
    }
  });

  it('keeps neighbouring tracks D apart', () => {
    const found = corners(setting).map((place) => flatten(CENTRE, place));
    // Legs 1 and 5 run the same way, two sides further out: 2D to 1 one side, 3D to 5 the other.
    const offset = ([east, north]: [number, number]) => east * Math.cos(setting.course) - north * Math.sin(setting.course);
    expect(Math.abs(offset(found[0]!) - offset(found[4]!))).toBeCloseTo(1852, 1);
  });

  it('has one waypoint more than legs', () => {
    expect(searchItems(setting).length).toBe(12);
  });
});

describe('runway patterns', () => {
  const CORLU: Runway = {
    airport: 'LTBU', name: '04/22', length: 3020, width: 45, surface: 'asphalt',
    ends: [
      { ident: '04', latitude_deg: 41.129398, longitude_deg: 27.9053, elevation_msl: 152.4, course: 0 },
      { ident: '22', latitude_deg: 41.147099, longitude_deg: 27.9326, elevation_msl: 152.4, course: 0 },
    ],
  };
  const at = (item: { params: (number | null)[] }): Place => item.params.slice(4, 6) as Place;

  it('takes off along the centreline', () => {
    const axis = axisOf(CORLU, 0);
    for (const item of takeoffItems(CORLU, 0, 450, PROCEDURES))
      expect(inverse(axis.threshold, at(item)).course).toBeCloseTo(axis.course, 5);
  });

  it('puts the landing circle tangent to the final, at the glide path or above', () => {
    const [start, circle, land] = landingItems(CORLU, 0, 650, true, PROCEDURES);
    expect([start!.command, circle!.command, land!.command]).toEqual([189, 31, 21]);
    const axis = axisOf(CORLU, 0);
    const { distance: far, course } = inverse(at(land!), at(circle!));
    const along = -far * Math.cos(course - axis.course);
    const aside = far * Math.sin(course - axis.course);
    expect(aside).toBeCloseTo(1000, 0);
    expect(along).toBeCloseTo(650 / Math.tan(3 * DEGREE), -1);
    expect(circle!.params[1]).toBe(1000);
    expect(land!.params[6]).toBeCloseTo(152.4, 1);
    expect(distance(axis.threshold, at(land!))).toBeCloseTo(300, 1);
  });

  it('never draws an approach shorter than the final', () => {
    expect(approachLength(100, PROCEDURES)).toBe(4000);
    expect(leastHeight(PROCEDURES)).toBe(210);
  });
});
