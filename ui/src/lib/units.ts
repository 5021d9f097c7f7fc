// From SI to what the crew reads. Three systems; nothing else in the page converts.

export type UnitSystem = 'metric' | 'aviation' | 'mixed';
export type Kind =
  | 'altitude'
  | 'height'
  | 'distance'
  | 'length'
  | 'airspeed'
  | 'ground_speed'
  | 'wind_speed'
  | 'climb_rate'
  | 'angle'
  | 'course'
  | 'temperature'
  | 'pressure'
  | 'fuel'
  | 'fuel_flow'
  | 'engine_speed'
  | 'share'
  | 'voltage'
  | 'current'
  | 'data_rate'
  | 'milliseconds'
  | 'number';

interface Unit {
  symbol: string;
  factor: number;
  offset?: number;
  digits: number;
}

const FOOT = 0.3048;
const KNOT = 1852 / 3600;
const degree = 180 / Math.PI;

const metric: Record<Kind, Unit> = {
  altitude: { symbol: 'm', factor: 1, digits: 0 },
  height: { symbol: 'm', factor: 1, digits: 0 },
  distance: { symbol: 'km', factor: 1e-3, digits: 1 },
  length: { symbol: 'm', factor: 1, digits: 0 },
  airspeed: { symbol: 'm/s', factor: 1, digits: 1 },
  ground_speed: { symbol: 'm/s', factor: 1, digits: 1 },
  wind_speed: { symbol: 'm/s', factor: 1, digits: 1 },
  climb_rate: { symbol: 'm/s', factor: 1, digits: 1 },
  angle: { symbol: '°', factor: degree, digits: 0 },
  course: { symbol: '°', factor: degree, digits: 0 },
  temperature: { symbol: '°C', factor: 1, offset: -273.15, digits: 0 },
  pressure: { symbol: 'hPa', factor: 1e-2, digits: 0 },
  fuel: { symbol: 'kg', factor: 1, digits: 1 },
  fuel_flow: { symbol: 'kg/h', factor: 3600, digits: 1 },
  engine_speed: { symbol: 'rpm', factor: 30 / Math.PI, digits: 0 },
  share: { symbol: '%', factor: 100, digits: 0 },
  voltage: { symbol: 'V', factor: 1, digits: 1 },
  current: { symbol: 'A', factor: 1, digits: 1 },
  data_rate: { symbol: 'kB/s', factor: 1e-3, digits: 1 },
  milliseconds: { symbol: 'ms', factor: 1e3, digits: 0 },
  number: { symbol: '', factor: 1, digits: 1 },
};

const feet: Unit = { symbol: 'ft', factor: 1 / FOOT, digits: 0 };
const knots: Unit = { symbol: 'kt', factor: 1 / KNOT, digits: 0 };

const mixed: Record<Kind, Unit> = { ...metric, altitude: feet, height: feet, airspeed: knots };

const aviation: Record<Kind, Unit> = {
  ...mixed,
  distance: { symbol: 'NM', factor: 1 / 1852, digits: 1 },
  length: feet,
  ground_speed: knots,
  wind_speed: knots,
  climb_rate: { symbol: 'ft/min', factor: 60 / FOOT, digits: 0 },
};

export const SYSTEMS: Record<UnitSystem, Record<Kind, Unit>> = { metric, aviation, mixed };

export function unitOf(kind: Kind, system: UnitSystem): Unit {
  return SYSTEMS[system][kind];
}

/** An SI value in the crew's unit. */
export function toUnit(value: number, kind: Kind, system: UnitSystem): number {
  const unit = SYSTEMS[system][kind];
  return value * unit.factor + (unit.offset ?? 0);
}

/** What the crew typed, in SI. */
export function fromUnit(value: number, kind: Kind, system: UnitSystem): number {
  const unit = SYSTEMS[system][kind];
  return (value - (unit.offset ?? 0)) / unit.factor;
}

/** The figure alone: "1 250", "049". A true minus sign, thin spaces in thousands. */
export function figure(value: number, kind: Kind, system: UnitSystem): string {
  const unit = SYSTEMS[system][kind];
  let shown = toUnit(value, kind, system);
  if (kind === 'course') {
    const whole = Math.round(((shown % 360) + 360) % 360) % 360;
    return String(whole).padStart(3, '0');
  }
  if (kind === 'climb_rate' && unit.digits === 0) shown = Math.round(shown / 10) * 10;
  const text = Math.abs(shown).toFixed(unit.digits);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  const sign = shown < 0 && Number(text) !== 0 ? '\u2212' : '';
  return sign + grouped + (fraction ? `.${fraction}` : '');
}

/** Figure and unit: "1 250 ft". */
export function withUnit(value: number, kind: Kind, system: UnitSystem): string {
  const { symbol } = SYSTEMS[system][kind];
  const gap = symbol === '°' || symbol === '' ? '' : '\u00a0';
  return figure(value, kind, system) + gap + symbol;
}

/** "26 h 05 min", "12 min", "45 s". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}\u00a0s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, '0')}\u00a0min`;
}

export function clock(utcSeconds: number): string {
  return new Date(utcSeconds * 1000).toISOString().slice(11, 19);
}

export function coordinates(latitude: number, longitude: number): string {
  const part = (value: number, letters: string) =>
    `${Math.abs(value).toFixed(5)}°\u00a0${letters[value < 0 ? 1 : 0]}`;
  return `${part(latitude, 'NS')} ${part(longitude, 'EW')}`;
}
