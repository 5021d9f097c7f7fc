import { describe, expect, test } from 'vitest';
import { mgrsOf, readCoordinate, type Fault } from '../src/map/coordinate';

// Threshold of runway 04 at Çorlu as OurAirports publishes it.
const CORLU = [41.129398, 27.9053] as const;

const near = (text: string, latitude: number, longitude: number, digits = 5) => {
  const found = readCoordinate(text);
  expect(found, text).not.toHaveProperty('fault');
  expect((found as { latitude: number }).latitude, text).toBeCloseTo(latitude, digits);
  expect((found as { longitude: number }).longitude, text).toBeCloseTo(longitude, digits);
};

test.each([
  '41.129398 27.9053', '41.129398, 27.9053', '41,129398 27,9053', '41,129398, 27,9053', '41,129398; 27,9053',
  'N41.129398 E27.9053', '41.129398N 27.9053E', 'E27.9053 N41.129398', '27.9053° E, 41.129398° N',
  '41°07.76388′N 027°54.318′E', "41 07.76388 N 27 54.318 E", 'N41 07 45.8328 E027 54 19.08',
  '41°07′45.8328″N 27°54′19.08″E', `41° 7' 45.8328" N, 27° 54' 19.08" E`, '41-07-45.8328N 027-54-19.08E',
  '41 7 45.8328 27 54 19.08', '41:07:45.8328 27:54:19.08', '410745.8328N0275419.08E',
  '+41.129398+027.9053/', '+410745.8328+0275419.08/', 'geo:41.129398,27.9053', '41.129398n 27.9053e',
])('Çorlu written as %s', (text) => near(text, ...CORLU));

test.each([
  ['-33.9461, 151.1772', -33.9461, 151.1772],
  ['33°56′46″S 151°10′38″E', -33.94611, 151.17722],
  ['S33 56.766 W070 47.1', -33.9461, -70.785],
  ['4108N02755E', 41.13333, 27.91667],
  ['−0.5 −0.5', -0.5, -0.5],
  ['90 180', 90, 180],
] as const)('%s', (text, latitude, longitude) => near(text, latitude, longitude));

// The White House, the Eiffel tower and Honolulu by their published references; by UTM's definition
// the equator in the middle of zone 31, and where it meets Greenwich, at the zone's very edge.
test.each([
  ['18S UJ 23394 07395', 38.8977, -77.0365, 3],
  ['18SUJ2339407395', 38.8977, -77.0365, 3],
  ['31U DQ 48251 11932', 48.8582, 2.2945, 4],
  ['4Q FJ 12345 67890', 21.4097, -157.9161, 3],
  ['04QFJ1234567890', 21.4097, -157.9161, 3],
  ['31N AA 66021 00000', 0, 0, 4],
  ['31 N 500000 0', 0, 3, 9],
  ['31N 448252 5411933', 48.8582, 2.2945, 4],
  ['31U 448252mE 5411933mN', 48.8582, 2.2945, 4],
  ['56 S 334873 6252266', -33.8567, 151.2152, 2],
] as const)('grid reference %s', (text, latitude, longitude, digits) => near(text, latitude, longitude, digits));

test('a place on the grid is told as it was read', () => {
  expect(mgrsOf({ latitude: 48.8582, longitude: 2.2945 })).toBe('31U DQ 48251 11932');
  expect(mgrsOf({ latitude: 88, longitude: 0 })).toBeUndefined();
});

describe('what is no coordinate is refused, and why', () => {
  test.each([
    ['', 'empty'], ['   ', 'empty'], ['Istanbul', 'unknown'], ['41.1', 'form'], ['41 08 27', 'form'],
    ['91 0', 'latitude'], ['0 181', 'longitude'], ['41 60 27 00', 'minutes'], ['41 08 61 27 00 00', 'seconds'],
    ['N41 N27', 'letters'], ['41N', 'letters'], ['N41 27', 'letters'], ['-41N 27E', 'sign'],
    ['41.5 08 27.5 55', 'fraction'], ['90 00 01 N 0 0 0 E', 'latitude'], ['1.2.3 4', 'form'],
    ['18S UJ 2339 073', 'mgrs_digits'], ['18S UJ 123', 'mgrs_digits'], ['18S UJ', 'mgrs_digits'],
    ['61S UJ 23394 07395', 'mgrs_square'], ['18S AA 23394 07395', 'mgrs_square'], ['18S UI 23394 07395', 'mgrs_square'],
    ['18B UJ 23394 07395', 'band'], ['18S IJ 23394 07395', 'mgrs_square'], ['18C UJ 23394 07395', 'mgrs_square'],
    ['61N 448252 5411933', 'zone'], ['31N 448252 9999999', 'utm'], ['31N 9999999 5411933', 'utm'],
    ['<script>alert(1)</script>', 'unknown'], ['1e3 2', 'letters'],
  ])('%s', (text, key) => expect((readCoordinate(text) as Fault).fault).toBe(key));
  test('figures without end', () => expect(readCoordinate('9'.repeat(50_000) + ' 1')).toHaveProperty('fault'));
});
