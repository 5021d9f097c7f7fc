// Files of parameters: QGroundControl's .params (vehicle, component, name, value, type, between
// tabs), and .param of Mission Planner (name, value) and of MAVProxy (name and value between blanks).

import { exact, isWhole, type Row } from './list';

export const LARGEST = 2_000_000;
const MOST_LINES = 20_000;
const MOST_FAULTS = 100;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,15}$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const TYPES: Record<string, number> = { uint8: 1, int8: 2, uint16: 3, int16: 4, uint32: 5, int32: 6, float: 9 };

export interface InFile {
  name: string;
  value: number;
  text: string; // as the file writes it
  line: number;
}

export interface FileFault {
  line: number; // 0 for the file as a whole
  key: 'too_large' | 'binary' | 'no_parameter' | 'not_understood' | 'bad_name' | 'bad_value' | 'twice';
  text: string;
}

export interface Read {
  values: InFile[];
  faults: FileFault[];
  otherComponents: number; // lines that are another component's
}

/** All that a file holds, and all that is wrong with it. */
export function readFile(text: string): Read {
  const whole = (key: FileFault['key']): Read => ({ values: [], faults: [{ line: 0, key, text: '' }], otherComponents: 0 });
  if (text.length > LARGEST) return whole('too_large');
  if (/[\0\ufffd]/.test(text)) return whole('binary');
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  if (lines.length > MOST_LINES) return whole('too_large');
  const found = new Map<string, InFile>();
  const read: Read = { values: [], faults: [], otherComponents: 0 };
  lines.forEach((line, index) => takeLine(line, index + 1, found, read));
  read.values = [...found.values()];
  // Where nothing is a parameter it is no such file, and its hundredth line tells no more than that.
  if (read.values.length === 0 && read.otherComponents === 0) return whole('no_parameter');
  read.faults = read.faults.slice(0, MOST_FAULTS);
  return read;
}

function takeLine(line: string, number: number, found: Map<string, InFile>, read: Read): void {
  const bare = line.replace(/#.*$/, '').trim();
  if (bare === '') return;
  const parts = bare.split(/\s*,\s*|\s+/);
  const full = parts.length >= 4 && /^\d+$/.test(parts[0]!) && /^\d+$/.test(parts[1]!);
  const [name, value] = full ? [parts[2]!, parts[3]!] : [parts[0]!, parts[1]];
  const fault = (key: FileFault['key'], text: string) => read.faults.push({ line: number, key, text: text.slice(0, 60) });
  if (value === undefined || (!full && parts.length > 2)) fault('not_understood', bare);
  else if (!NAME.test(name)) fault('bad_name', name);
  else if (!NUMBER.test(value) || !Number.isFinite(Number(value))) fault('bad_value', `${name} ${value}`);
  else if (full && Number(parts[1]) !== 1) read.otherComponents += 1;
  else if (found.has(name) && found.get(name)!.value !== Number(value)) fault('twice', name);
  else found.set(name, { name, value: Number(value), text: value, line: number });
}

export interface Difference {
  row: Row;
  value: number;
}

export interface Comparison {
  same: number;
  differences: Difference[];
  unknown: InFile[]; // that the vehicle does not have
  absent: Row[]; // aboard, and not in the file
}

/** Whether a value aboard is the file's: to the last bit, or to the decimals that were written. */
export function alike(aboard: number, type: string, { value, text }: Pick<InFile, 'value' | 'text'>): boolean {
  if (isWhole(type)) return aboard === value;
  if (Math.fround(aboard) === Math.fround(value)) return true;
  const decimals = /^[-+]?\d*\.(\d{6,20})$/.exec(text)?.[1]?.length;
  return decimals !== undefined && Number(aboard.toFixed(decimals)) === value;
}

export function compare(rows: Row[], values: InFile[]): Comparison {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const told: Comparison = { same: 0, differences: [], unknown: [], absent: [] };
  for (const one of values) {
    const row = byName.get(one.name);
    byName.delete(one.name);
    if (!row) told.unknown.push(one);
    else if (alike(row.value, row.type, one)) told.same += 1;
    else told.differences.push({ row, value: one.value });
  }
  told.absent = [...byName.values()];
  return told;
}

export type Format = 'params' | 'param';

/** A file of these rows: as QGroundControl reads it, or as Mission Planner and MAVProxy do. */
export function writeFile(rows: Row[], format: Format, system: number, title: string): string {
  const head = title.replace(/[^\x20-\x7e]/g, '?');
  if (format === 'param') return [`# ${head}`, ...rows.map((row) => `${row.name},${exact(row.value, row.type)}`), ''].join('\n');
  const lines = rows.map((row) => [system, 1, row.name, exact(row.value, row.type), TYPES[row.type] ?? 9].join('\t'));
  return [`# ${head}`, '# Vehicle-Id Component-Id Name Value Type', ...lines, ''].join('\n');
}
