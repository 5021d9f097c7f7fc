// Distances, courses and the chart's own arithmetic, against Karney's geodesics and Mercator's series.
import geographic from 'geographiclib-geodesic';
import { expect, test } from 'vitest';
import { uncertainty } from '../src/fly/chart/lost';
import { wordAt } from '../src/fly/chart/circle';
import { offset, slots } from '../src/fly/chart/placing';
import { insideRose } from '../src/instruments/nd';
import { lowered, strayed } from '../src/fly/chart/sight';
import { glideCircle } from '../src/fly/chart/reach';
import { factsFrom } from '../src/fly/facts';
import { kept, TrailKeeper } from '../src/fly/trail';
import { beyond, course, distance, speedOver, turn } from '../src/map/geo';
import { fences, stops } from '../src/map/mission';
import { scaleBar } from '../src/map/scale';
import { mercator, View } from '../src/map/view';

const wgs84 = geographic.Geodesic.WGS84;

test('distance and place away agree with geodesics to 1e-4 over 60 km', () => {
  const from = { latitude: 41.13, longitude: 27.9 };
  const to = { latitude: 40.7, longitude: 28.3 };
  const exact = wgs84.Inverse(from.latitude, from.longitude, to.latitude, to.longitude).s12!;
  expect(Math.abs(distance(from, to) / exact - 1)).toBeLessThan(1e-4);
  const there = beyond(from, 2, 60_000);
  const found = wgs84.Inverse(from.latitude, from.longitude, there.latitude, there.longitude);
  expect(Math.abs(found.s12! / 60_000 - 1)).toBeLessThan(3e-4);
  expect(course(from, { latitude: 41.13, longitude: 28.9 })).toBeCloseTo(Math.PI / 2, 6);
});

test('distances do not jump at the date line', () => {
  const [west, east] = [{ latitude: 0, longitude: 179.9 }, { latitude: 0, longitude: -179.9 }];
  expect(distance(west, east)).toBeCloseTo((0.2 * Math.PI * 6378137) / 180, 3);
  expect(turn(6.2, 0.1)).toBeCloseTo(0.1 + 2 * Math.PI - 6.2, 9);
});

test('ground speed is the wind triangle', () => {
  expect(speedOver(0, 40, { speed: 10, from: 0 })).toBeCloseTo(30, 9);
  expect(speedOver(0, 50, { speed: 30, from: Math.PI / 2 })).toBeCloseTo(40, 9);
  expect(speedOver(0, 20, { speed: 30, from: Math.PI / 2 })).toBeUndefined();
});

test('the chart is Mercator: the middle in the middle, the world 512 px wide at zoom 0', () => {
  expect(mercator(0)).toBeCloseTo(0.5, 12);
  // Gudermann: y is ln tan(pi/4 + lat/2) over 2 pi.
  expect(0.5 - mercator(45)).toBeCloseTo(Math.log(Math.tan((67.5 * Math.PI) / 180)) / (2 * Math.PI), 12);
  const view = new View(41, 28, 0, 800, 600);
  expect(view.at({ latitude: 41, longitude: 28 })).toEqual([400, 300]);
  expect(view.x(-152) - view.x(28)).toBeCloseTo(-256, 9);
  expect(new View(0, 0, 8, 100, 100).metres).toBeCloseTo((2 * Math.PI * 6378137) / (512 * 256), 3);
});

test('the scale bar is a round length that fits', () => {
  const bar = scaleBar(100, 120, 'aviation');
  expect(bar.text).toBe('5 NM');
  expect(bar.pixels).toBeCloseTo(92.6, 6);
  expect(scaleBar(1, 120, 'metric').text).toBe('100 m');
});

test('the glide ring is what the station reckons, carried downwind while it lasts', () => {
  const here = { latitude: 41, longitude: 28 };
  const glide = { glide_distance: 14_000, glide_time_s: 400 };
  expect(glideCircle(factsFrom({ ...glide, height_above_ground: 1000 }), here)).toEqual({
    middle: here, radius: 14_000, toHome: false,
  }); // prettier-ignore
  // Where the ground below is not known it is a ring all the same, and says to which height.
  const { middle, toHome } = glideCircle(factsFrom({ ...glide, wind_speed: 10, wind_from: 0 }), here)!;
  expect(toHome).toBe(true);
  // 400 s aloft in 10 m/s from the north: 4 km south.
  expect(distance(here, middle)).toBeCloseTo(4000, -1);
  expect(middle.latitude).toBeLessThan(41);
  expect(glideCircle(factsFrom({ glide_distance: 14_000 }), here)).toBeUndefined();
});

test('without satellites the place is a circle of two deviations', () => {
  expect(uncertainty(factsFrom({ gnss_fix: 'none', position_accuracy: 300 }))).toBe(600);
  expect(uncertainty(factsFrom({ gnss_fix: '3d', position_accuracy: 300 }))).toBeUndefined();
});

const item = (command: number, params: (number | null)[], latitude = 41, longitude = 28) => ({
  command, frame: 3, params, latitude_deg: latitude, longitude_deg: longitude, altitude: 100,
  autocontinue: true,
}); // prettier-ignore
const plan = (items: ReturnType<typeof item>[]) =>
  ({ count: items.length, digest: '', items, source: 'download' }) as const;

test('circles of a mission have the radius of their own parameter', () => {
  const way = stops(plan([item(22, [0]), item(31, [0, -1500, 0, 1]), item(18, [3, 0, 900, 1]),
    item(178, [0, 38], 0, 0), item(19, [60, null, 2000])])); // prettier-ignore
  expect(way.map((stop) => stop.radius)).toEqual([0, -1500, 900, 2000]);
  expect(way.map((stop) => stop.sequence)).toEqual([0, 1, 2, 4]);
  expect(stops(plan([item(16, []), item(16, [])]), 'ardupilot').map((stop) => stop.sequence)).toEqual([1]);
  // One number everywhere: from 1, an ArduPilot's home not counted.
  expect(way.map((stop) => stop.number)).toEqual([1, 2, 3, 5]);
  expect(stops(plan([item(16, []), item(16, [])]), 'ardupilot').map((stop) => stop.number)).toEqual([1]);
});

test('fences: polygons by their count of corners, circles by their radius', () => {
  const found = fences(plan([...Array(3).fill(item(5001, [3])), ...Array(4).fill(item(5002, [4])), item(5004, [900])]));
  expect(found.map((fence) => [fence.inside, fence.corners.length, fence.radius])).toEqual([
    [true, 3, 0], [false, 4, 0], [false, 1, 900]]); // prettier-ignore
});

test('a trail of 27 hours at 2 Hz stays under 3000 points and keeps its end', () => {
  const keeper = new TrailKeeper({ latitude: [], longitude: [], altitude: [], time: [] });
  for (let time = 0; time < 27 * 3600; time += 0.5)
    keeper.add({ time, latitude: 41 + time * 1e-6, longitude: 28, altitude: 1000 });
  expect(keeper.length).toBeLessThan(3000);
  expect(keeper.length).toBeGreaterThan(1900);
  expect(keeper.trail.time[0]).toBe(0);
  expect(keeper.trail.time.at(-1)).toBe(27 * 3600 - 0.5);
});

test('where time went back, what was later is forgotten', () => {
  const keeper = new TrailKeeper({ latitude: [], longitude: [], altitude: [], time: [] });
  for (let time = 0; time < 100; time++) keeper.add({ time, latitude: time, longitude: 0, altitude: NaN });
  keeper.add({ time: 50, latitude: 0, longitude: 1, altitude: NaN });
  expect(keeper.trail.time.at(-1)).toBe(50);
  expect(keeper.length).toBe(51);
  expect(kept([0, 1, 2, 3], 10_000)).toEqual([true, false, false, true]);
});

test('labels of aircraft that stand close together do not overprint, nor leave what is seen', () => {
  const view = { width: 700, height: 400 };
  // Six in trail, 25 px apart, at the right edge; a linear congruence draws what else there is.
  let seed = 7;
  const draw = (most: number) => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648) * most;
  for (let trial = 0; trial < 200; trial++) {
    const [x, y] = [draw(700), draw(400)];
    const tagged = Array.from({ length: 6 }, (_, n) => ({
      x: trial === 0 ? 690 - 25 * n : x + draw(120) - 60, y: trial === 0 ? 200 : y + draw(120) - 60,
      width: 100 + draw(60), height: 38, slot: -1,
    })); // prettier-ignore
    const found = slots(tagged, view);
    const boxes = found.flatMap((slot, n) => {
      if (slot < 0) return [];
      const [dx, dy] = offset(slot, tagged[n]!);
      return [{ left: tagged[n]!.x + dx, top: tagged[n]!.y + dy, ...tagged[n]! }];
    });
    // The first has its label always; in all, hardly one is without.
    expect(found[0]).toBeGreaterThanOrEqual(0);
    expect(boxes.length).toBeGreaterThanOrEqual(5);
    boxes.forEach((one, n) => {
      for (const other of boxes.slice(n + 1))
        expect(
          one.left >= other.left + other.width || other.left >= one.left + one.width ||
            one.top >= other.top + 38 || other.top >= one.top + 38,
        ).toBe(true); // prettier-ignore
    });
    if (trial === 0) expect(Math.max(...boxes.map((box) => box.left + box.width))).toBeLessThanOrEqual(700);
    const free = slots(tagged.map((one) => ({ ...one, slot: -1 })), { ...view, top: 100, foot: 54 });
    if (tagged[0]!.y > 90 && tagged[0]!.y < view.height - 60) {
      const top = tagged[0]!.y + offset(free[0]!, tagged[0]!)[1];
      expect(top >= 100 && top + 38 <= view.height - 54).toBe(true);
    }
    // Where nothing moved, no label jumps.
    expect(slots(tagged.map((one, n) => ({ ...one, slot: found[n]! })), view)).toEqual(found);
  }
});

test('an aircraft that is followed is kept in the middle of what is seen of the chart', () => {
  const [over, phone] = [150, new View(41, 28, 10, 390, 250)];
  const below = { latitude: 41 - (lowered(over) * phone.metres) / 111_000, longitude: 28 };
  // 150 px covered above, 54 px below: the middle of the rest is 173 px from the upper edge.
  expect(phone.y(below.latitude)).toBeCloseTo(173, 0);
  expect(strayed(phone, below, over)).toBe(false);
  expect(strayed(phone, { latitude: 41, longitude: 28 }, over)).toBe(true);
  expect(strayed(new View(41, 28, 10, 1200, 800), { latitude: 41, longitude: 28 }, 54)).toBe(false);
});

test('a number on the navigation display is clear of the figures of its rose', () => {
  // Figures stand 20 px inside a circle of 120 px, some 8 px to each side of that.
  expect(insideRose(0, 0, 2, 120)).toBe(true);
  expect(insideRose(50, 30, 2, 120)).toBe(true);
  for (const [dx, dy] of [[60, 70], [80, 0], [-100, 10], [0, -85]] as const) expect(insideRose(dx, dy, 2, 120)).toBe(false);
});

test('the word of a circle is not under what lies over the chart', () => {
  expect(wordAt(400, 200, 800, 'north')).toBe(191);
  expect(wordAt(350, 300, 800, 'north')).toBe(659); // over it the fleet lies
  expect(wordAt(350, 500, 800, 'north')).toBe(-159); // nor is there room below
  expect(wordAt(400, 200, 800, 'south')).toBe(609);
});
