// The primary flight display: modes on top, airspeed, horizon, altitude, vertical speed, heading.

import { toUnit, unitOf, withUnit, type Kind } from '../lib/units';
import { modeName, phaseName } from '../lib/words';
import { drawAttitude } from './attitude';
import { drawHeading } from './heading';
import { whyOld } from './old';
import { crossOut, fill, line, write, type Box, type Context, type Reading } from './pen';
import { drawTape, steps, type Band } from './tape';
import { drawVertical } from './vertical';

const TOP = 30;
const FOOT = 54;
const TREND_S = 6;

export interface Parts {
  top: Box;
  speed: Box;
  attitude: Box;
  altitude: Box;
  vertical: Box;
  heading: Box;
}

/** Where each instrument is on a display of this size. */
export function parts(width: number, height: number): Parts {
  const tape = Math.max(58, Math.min(84, Math.round(width * 0.22)));
  const slim = Math.max(30, Math.min(38, Math.round(width * 0.085)));
  const [y, high] = [TOP + 22, height - TOP - FOOT - 44];
  const middle = width - 2 * tape - slim - 8;
  const x = tape + 4;
  return {
    top: { x: 0, y: 0, width, height: TOP },
    speed: { x: 0, y, width: tape, height: high },
    attitude: { x, y: TOP + 4, width: middle, height: height - TOP - FOOT - 8 },
    altitude: { x: x + middle + 4, y, width: tape, height: high },
    vertical: { x: width - slim, y: y + high * 0.12, width: slim, height: high * 0.76 },
    heading: { x, y: height - FOOT, width: middle, height: FOOT },
  };
}

export function drawPfd(context: Context, width: number, height: number, reading: Reading): void {
  const { colors, word } = reading;
  const at = parts(width, height);
  fill(context, colors.panel, { x: 0, y: 0, width, height });
  const missing = word('not_reported');
  if (!drawAttitude(context, at.attitude, reading)) blank(context, at.attitude, reading, missing);
  if (!airspeed(context, at.speed, reading)) blank(context, at.speed, reading, missing);
  if (!altitude(context, at.altitude, reading)) blank(context, at.altitude, reading, missing);
  if (!drawVertical(context, at.vertical, reading)) blank(context, at.vertical, reading, missing);
  if (!drawHeading(context, at.heading, reading)) blank(context, at.heading, reading, missing);
  heads(context, at, reading);
  annunciators(context, at.top, reading);
  lost(context, at, reading);
}

function blank(context: Context, box: Box, reading: Reading, text: string): void {
  fill(context, reading.colors.tape, box);
  crossOut(context, box, reading, text);
}

function scaled(reading: Reading, name: string, kind: Kind): number | undefined {
  const value = reading.number(name);
  return value === undefined ? undefined : toUnit(value, kind, reading.units);
}

function airspeed(context: Context, box: Box, reading: Reading): boolean {
  const value = scaled(reading, 'airspeed', 'airspeed');
  if (value === undefined) return false;
  const { colors } = reading;
  const stall = scaled(reading, 'limit_airspeed_stall', 'airspeed');
  const least = scaled(reading, 'limit_airspeed_min', 'airspeed');
  const most = scaled(reading, 'limit_airspeed_max', 'airspeed');
  const bands: Band[] = [];
  if (stall !== undefined) bands.push({ from: -1e3, to: stall, color: colors.warning });
  if (least !== undefined) bands.push({ from: stall ?? -1e3, to: least, color: colors['caution-fill'] });
  if (least !== undefined && most !== undefined)
    bands.push({ from: least, to: most, color: colors.good });
  if (most !== undefined) bands.push({ from: most, to: 1e4, color: colors.warning });
  const flying = reading.value('landed_state') !== 'on_ground';
  const low = flying && value < (stall ?? -1);
  const near = flying && value < (least ?? -1);
  const color = low || value > (most ?? Infinity) ? colors.warning : near ? colors.caution : colors.ink;
  const digits = unitOf('airspeed', reading.units).digits;
  const span = digits > 0 ? 30 : 60;
  const target = scaled(reading, 'target_airspeed', 'airspeed');
  drawTape(context, box, {
    value, target, bands, side: 'right', least: 0, span, digits, color, ...steps(span, box.height),
  }, reading); // prettier-ignore
  return true;
}

function altitude(context: Context, box: Box, reading: Reading): boolean {
  const metres = reading.number('altitude_msl');
  if (metres === undefined) return false;
  const { colors, units } = reading;
  const value = toUnit(metres, 'altitude', units);
  const above = reading.number('height_above_ground');
  const ground = above === undefined ? reading.number('ground_elevation_msl') : metres - above;
  const bands: Band[] = [];
  if (ground !== undefined)
    bands.push({ from: -1e5, to: toUnit(ground, 'altitude', units), color: colors.earth });
  const most = scaled(reading, 'limit_altitude_msl', 'altitude');
  if (most !== undefined) bands.push({ from: most, to: 1e6, color: colors['caution-fill'] });
  const climb = reading.number('climb_rate');
  const trend = climb === undefined ? undefined : toUnit(metres + climb * TREND_S, 'altitude', units);
  const target = scaled(reading, 'target_altitude_msl', 'altitude');
  const span = unitOf('altitude', units).symbol === 'ft' ? 900 : 300;
  const color = value > (most ?? Infinity) ? colors.caution : colors.ink;
  drawTape(context, box, {
    value, target, trend, bands, side: 'left', span, digits: 0, color, ...steps(span, box.height),
  }, reading); // prettier-ignore
  return true;
}

/** Over each tape its target, under it its unit and datum. */
function heads(context: Context, at: Parts, reading: Reading): void {
  const { colors, units, word } = reading;
  const tapes: [Box, string, Kind, string][] = [
    [at.speed, 'target_airspeed', 'airspeed', `${unitOf('airspeed', units).symbol} ${word('cas')}`],
    [at.altitude, 'target_altitude_msl', 'altitude', `${unitOf('altitude', units).symbol} ${word('msl')}`],
  ]; // prettier-ignore
  for (const [box, name, kind, unit] of tapes) {
    const target = reading.number(name);
    const middle = box.x + box.width / 2;
    if (target !== undefined) {
      const text = withUnit(target, kind, units).replace(/\u00a0.*/, '');
      write(context, text, middle, box.y - 10, colors.leading, 15, { face: 'mono', most: box.width });
    }
    write(context, unit, middle, box.y + box.height + 11, colors['ink-soft'], 12, { most: box.width });
  }
  const foot = at.altitude.y + at.altitude.height + 28;
  const { width } = at.top;
  const above = reading.number('height_above_ground');
  const text = above === undefined ? `${word('agl')} –` : `${withUnit(above, 'height', units)} ${word('agl')}`;
  const color = above === undefined ? colors['ink-soft'] : colors.ink;
  const room = width - at.altitude.x;
  write(context, text, width - 2, foot, color, 13, { align: 'right', most: room });
  const speed = reading.number('ground_speed');
  const over = speed === undefined ? '–' : withUnit(speed, 'ground_speed', units);
  write(context, `${word('gs')} ${over}`, 2, foot, speed === undefined ? colors['ink-soft'] : colors.ink,
    13, { align: 'left', most: at.speed.width }); // prettier-ignore
}

/** Capitals as the language writes them: a Turkish i keeps its dot. */
const capitals = (text: string): string => text.toLocaleUpperCase(document.documentElement.lang || 'en');

/** Armed or not, the mode, and what the flight is at: as the vehicle tells them. */
function annunciators(context: Context, box: Box, reading: Reading): void {
  const { colors, word } = reading;
  const armed = reading.value('armed');
  const third = box.width / 3;
  const phase = reading.value('phase');
  const cells: [string, string][] = [
    [armed === undefined ? '–' : word(armed ? 'armed' : 'disarmed'), armed ? colors.good : colors.ink],
    [capitals(modeName(String(reading.value('mode') ?? '–'))), colors.good],
    [phase === undefined ? '–' : phaseName(String(phase)), colors.ink],
  ]; // prettier-ignore
  cells.forEach(([text, color], index) =>
    write(context, text, third * (index + 0.5), box.height / 2 + 1, color, 14, {
      most: third - 10,
      bold: index < 2,
    }),
  );
  line(context, colors.line, 1, 0, box.height, box.width, box.height);
  for (const n of [1, 2]) line(context, colors.line, 1, third * n, 5, third * n, box.height - 5);
}

/** When nothing comes any more, the last values are crossed out. */
function lost(context: Context, at: Parts, reading: Reading): void {
  const why = whyOld(reading);
  if (why === undefined) return;
  for (const box of [at.speed, at.altitude, at.vertical, at.heading]) crossOut(context, box, reading, '');
  crossOut(context, at.attitude, reading, reading.word(why));
}
