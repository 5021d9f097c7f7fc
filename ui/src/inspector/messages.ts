// What the station tells of messages, and how the page keeps series of their fields.

import { get } from '../lib/api';

export interface Stream {
  component: number;
  number: number;
  name: string;
  count: number;
  rate_hz: number;
  age_s: number;
}

export interface Field {
  name: string;
  type: string;
  unit: string;
  value: number | string | (number | string)[];
  means?: string;
}

export interface Latest {
  name: string;
  age_s: number;
  fields: Field[];
  raw: string;
}

/** One field that is plotted; `element` -1 where it is no array. */
export interface Plotted {
  component: number;
  number: number;
  message: string;
  field: string;
  element: number;
  unit: string;
}

export const keyOf = (one: Pick<Stream, 'component' | 'number'>): string => `${one.component}/${one.number}`;
export const plotKey = (one: Plotted): string => `${keyOf(one)}/${one.field}/${one.element}`;
export const plotLabel = (one: Plotted): string =>
  `${one.message}.${one.field}${one.element < 0 ? '' : `[${one.element}]`}`;

const pathOf = (id: string) => `/api/messages/${encodeURIComponent(id)}`;
export const streamsOf = (id: string): Promise<Stream[]> => get(pathOf(id));
export const latestOf = (id: string, key: string): Promise<Latest> => get(`${pathOf(id)}/${key}`);

/** The samples of a field within a window, told in pieces. */
export class Series {
  times: number[] = [];
  values: number[] = [];
  now = 0;

  constructor(
    readonly of: Plotted,
    private readonly seconds: number,
  ) {}

  take(told: { now_s: number; time_s: number[]; value: number[] }): void {
    // A log that went back begins anew.
    if (told.now_s < this.now - 1) {
      this.times = [];
      this.values = [];
    }
    this.now = told.now_s;
    this.times.push(...told.time_s);
    this.values.push(...told.value);
    const from = this.times.findIndex((time) => time >= this.now - this.seconds);
    const drop = from < 0 ? this.times.length : from;
    this.times.splice(0, drop);
    this.values.splice(0, drop);
  }

  async fetch(id: string): Promise<void> {
    const { field, element } = this.of;
    const query = new URLSearchParams({ field, element: String(element) });
    const last = this.times.at(-1);
    if (last !== undefined) query.set('after', String(last));
    this.take(await get(`${pathOf(id)}/${keyOf(this.of)}/series?${query}`));
  }
}

export function fitting(streams: Stream[], words: string): Stream[] {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  return streams.filter((one) => asked.every((word) => `${one.name} ${one.number} ${one.component}`.toLowerCase().includes(word)));
}

/** A rate as people read it: "50", "2.5", "0.1". */
export const rateText = (hz: number): string => (hz === 0 ? '–' : hz >= 10 ? hz.toFixed(0) : hz >= 1 ? hz.toFixed(1) : hz.toFixed(2));

/** Numbers of a field's value, however it is told. */
export const numeric = (value: Field['value']): boolean =>
  typeof value === 'number' || (Array.isArray(value) && value.some((each) => typeof each === 'number'));

const DEGREES = 180 / Math.PI;

/** What a crew reads beside a raw figure: angles in degrees, places in degrees; "" where it is plain. */
export function beside(value: number, unit: string): string {
  if (unit === 'rad') return `${(value * DEGREES).toFixed(1)}°`;
  if (unit === 'rad/s') return `${(value * DEGREES).toFixed(1)} °/s`;
  if (unit === 'degE7') return `${(value * 1e-7).toFixed(6)}°`;
  if (unit === 'cdeg') return `${(value * 1e-2).toFixed(1)}°`;
  if (unit === 'mm') return `${(value * 1e-3).toFixed(2)} m`;
  if (unit === 'cm/s') return `${(value * 1e-2).toFixed(2)} m/s`;
  if (unit === 'mV') return `${(value * 1e-3).toFixed(2)} V`;
  return '';
}
