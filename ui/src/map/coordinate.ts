// A coordinate as people write it: degrees in any usual notation, UTM, MGRS. What cannot be one is
// refused with what is wrong with it; nothing is guessed.

import Mgrs, { LatLon, Utm } from 'geodesy/mgrs.js';
import type { Spot } from './geo';

export interface Fault {
  fault: string; // key of the message under map.goto.fault
  values?: Record<string, string | number>;
}
export type Read = Spot | Fault;

const MGRS = /^(\d{1,2}) ?([A-Z]) ?([A-Z]{2}) ?(\d*) ?(\d*)$/;
const UTM = /^(\d{1,2}) ?([C-X]) (\d{5,7}(?:\.\d+)?) ?(?:M? ?E)?,? (\d{1,8}(?:\.\d+)?) ?(?:M? ?N)?$/;
// DDMM[SS]N DDDMM[SS]E, as flight plans have it.
const PACKED = /^(\d{2})(\d{2})(\d{2}(?:\.\d+)?)?([NS]) ?(\d{3})(\d{2})(\d{2}(?:\.\d+)?)?([EW])$/;
// ISO 6709: +DD.D+DDD.D, +DDMM.M+DDDMM.M, +DDMMSS.S+DDDMMSS.S, with or without a solidus.
const SIGNED = /^([+-])(\d{2})(\d{2})?(\d{2})?(\.\d+)?([+-])(\d{3})(\d{2})?(\d{2})?(\.\d+)?\/?$/;
const BANDS = 'CDEFGHJKLMNPQRSTUVWX';

const fault = (key: string, values?: Fault['values']): Fault => ({ fault: key, ...(values ? { values } : {}) });

/** The place that a text names, or why it names none. */
export function readCoordinate(typed: string): Read {
  const text = plain(typed);
  if (!text) return fault('empty');
  const grid = MGRS.exec(text);
  if (grid) return readMgrs(grid);
  const utm = UTM.exec(text);
  if (utm) return readUtm(utm);
  const packed = PACKED.exec(text);
  if (packed) {
    const part = (from: number) => packed.slice(from, from + 3).filter((value) => value !== undefined);
    return placeOf([packed[4]!, part(1)], [packed[8]!, part(5)]);
  }
  const signed = SIGNED.exec(text);
  if (signed) return placeOf([signed[1]!, whole(signed, 2)], [signed[6]!, whole(signed, 7)]);
  return readDegrees(text);
}

/** Capitals, plain signs and points, one space where there were several. */
function plain(typed: string): string {
  let text = typed.toUpperCase().replace(/^GEO:/, '').trim();
  text = text.replace(/[\u2212\u2010-\u2015]/g, '-');
  text = text.replace(/[°º˚′’‘ʹ'″”“"]|\b(?:DEG|MIN|SEC)\b/g, ' ');
  // "41,1389 27,9182": where no point stands and several commas do between figures, they are points.
  if (!text.includes('.') && (text.match(/\d,\d/g) ?? []).length > 1) text = text.replace(/(\d),(\d)/g, '$1.$2');
  return text.replace(/\s+/g, ' ').trim();
}

/** The parts of an ISO 6709 figure from group `from` on, the fraction with the last. */
function whole(found: RegExpExecArray, from: number): string[] {
  const parts = found.slice(from, from + 3).filter((value) => value !== undefined);
  return [...parts.slice(0, -1), parts.at(-1)! + (found[from + 3] ?? '')];
}

type Angle = [letter: string, parts: string[]];

function readDegrees(text: string): Read {
  const stray = /[^\d.,;:/ NSEW+-]/.exec(text);
  if (stray) return fault('unknown', { sign: stray[0] });
  // A hyphen between figures parts them: 41-08-20N.
  const tokens: string[] = text.replace(/(?<=\d)-(?=\d)/g, ' ').match(/[NSEW]|[+-]?\d+(?:\.\d+)?|\./g) ?? [];
  if (tokens.includes('.')) return fault('form');
  const letters = tokens.filter((token) => /[NSEW]/.test(token));
  if (letters.length === 0) return withoutLetters(tokens);
  if (letters.length !== 2) return fault('letters');
  const [first, second] = letters as [string, string];
  if (/[NS]/.test(first) === /[NS]/.test(second)) return fault('letters');
  const ahead = tokens[0] === first;
  const at = ahead ? tokens.indexOf(second, 1) : tokens.indexOf(first);
  const parts = ahead
    ? [tokens.slice(1, at), tokens.slice(at + 1)]
    : [tokens.slice(0, at), tokens.slice(at + 1, -1)];
  if (!ahead && tokens.at(-1) !== second) return fault('letters');
  if (parts.flat().some((part) => /[+-]/.test(part))) return fault('sign');
  const angles: Angle[] = [[first, parts[0]!], [second, parts[1]!]];
  if (/[EW]/.test(first)) angles.reverse();
  return placeOf(angles[0]!, angles[1]!);
}

/** Latitude first, as many figures for the one as for the other. */
function withoutLetters(tokens: string[]): Read {
  if (tokens.length < 2 || tokens.length % 2 || tokens.length > 6) return fault('form');
  const half = tokens.length / 2;
  const sides = [tokens.slice(0, half), tokens.slice(half)];
  if (sides.some((side) => side.slice(1).some((part) => /[+-]/.test(part)))) return fault('form');
  const [latitude, longitude] = sides.map((side): Angle => [
    side[0]!.startsWith('-') ? '-' : '+',
    [side[0]!.replace(/[+-]/, ''), ...side.slice(1)],
  ]);
  return placeOf(latitude!, longitude!);
}

function placeOf(latitude: Angle, longitude: Angle): Read {
  const [north, east] = [degrees(latitude, 90, 'latitude'), degrees(longitude, 180, 'longitude')];
  if (typeof north !== 'number') return north;
  if (typeof east !== 'number') return east;
  return { latitude: north, longitude: east };
}

function degrees([letter, parts]: Angle, most: number, name: string): number | Fault {
  if (parts.length === 0 || parts.length > 3) return fault('form');
  if (parts.slice(0, -1).some((part) => part.includes('.'))) return fault('fraction');
  const [whole, minutes = 0, seconds = 0] = parts.map(Number) as [number, number?, number?];
  if (minutes >= 60) return fault('minutes', { value: minutes });
  if (seconds >= 60) return fault('seconds', { value: seconds });
  const angle = whole + minutes / 60 + seconds / 3600;
  if (angle > most) return fault(name, { value: whole });
  return /[SW-]/.test(letter) ? -angle : angle;
}

function readMgrs([, zone, band, square, one = '', two = '']: RegExpExecArray | string[]): Read {
  if (!BANDS.includes(band!)) return fault('band', { band: band! });
  const digits = one + two;
  if (two && one.length !== two.length) return fault('mgrs_digits');
  if (digits.length < 2 || digits.length % 2 || digits.length > 10) return fault('mgrs_digits');
  const half = digits.length / 2;
  try {
    const name = `${zone!.padStart(2, '0')}${band} ${square}`;
    const corner = Mgrs.parse(`${name} ${digits.slice(0, half)} ${digits.slice(half)}`).toUtm();
    const found = corner.toLatLon();
    // The letters repeat: some corner of the square that is named must lie in its zone and band.
    const side = 10 ** (5 - half) * 0.999;
    const corners = [[0, 0], [side, 0], [0, side], [side, side]] as const;
    if (!corners.some(([east, north]) => gridOf(corner, east, north) === name))
      return fault('mgrs_square', { square: name });
    return { latitude: found.lat, longitude: found.lon };
  } catch {
    return fault('mgrs_square', { square: `${zone}${band} ${square}` });
  }
}

/** Zone, band and square of the place so far from a corner, m. */
function gridOf({ zone, hemisphere, easting, northing }: Utm, east: number, north: number): string {
  const { lat, lon } = new Utm(zone, hemisphere, easting + east, northing + north).toLatLon();
  return new LatLon(lat, lon).toUtm().toMgrs().toString(2).slice(0, 6);
}

/** N and S are hemispheres, other letters the bands of MGRS. */
function readUtm([, zone, letter, easting, northing]: RegExpExecArray | string[]): Read {
  if (!BANDS.includes(letter!)) return fault('band', { band: letter! });
  if (Number(zone) < 1 || Number(zone) > 60) return fault('zone', { zone: zone! });
  const south = letter === 'S' || (letter !== 'N' && letter! < 'N');
  try {
    const found = new Utm(Number(zone), south ? 'S' : 'N', Number(easting), Number(northing)).toLatLon();
    // Beyond 8 degrees from its middle a zone is used for nothing.
    const away = found.lon - (Number(zone) * 6 - 183);
    if (Math.abs(away - 360 * Math.round(away / 360)) > 8) return fault('utm');
    return { latitude: found.lat, longitude: found.lon };
  } catch {
    return fault('utm');
  }
}

/** As MGRS has it to a metre; undefined beyond its limits. */
export function mgrsOf({ latitude, longitude }: Spot): string | undefined {
  try {
    return new LatLon(latitude, longitude).toUtm().toMgrs().toString();
  } catch {
    return undefined;
  }
}
