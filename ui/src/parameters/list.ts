// Parameters as rows: values aboard, joined with what the vehicle tells of them.

export interface Aboard {
  name: string;
  value: number;
  type: string; // "float", "int32", ...
}

export interface Meaning {
  short?: string;
  long?: string;
  group?: string;
  category?: string;
  unit?: string;
  min?: number;
  max?: number;
  default?: number;
  increment?: number;
  decimals?: number;
  reboot?: boolean;
  read_only?: boolean;
  volatile?: boolean;
  values?: [number, string][];
  bits?: [number, string][];
}

export interface Meanings {
  state: 'unread' | 'reading' | 'read' | 'none' | 'failed';
  text: string;
  parameters: Record<string, Meaning>;
}

export interface Row extends Aboard {
  group: string;
  meaning: Meaning;
  changed: boolean; // from the default that the vehicle tells
  words: string; // what a search looks at
}

/** What a type holds; anything else is a float. */
const WHOLE: Record<string, [number, number]> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 4294967295],
  int32: [-2147483648, 2147483647],
};
const MOST_FLOAT = 3.4e38;

export const isWhole = (type: string): boolean => type in WHOLE;

/** In as few digits as tell a value from its neighbours. */
export function exact(value: number, type: string): string {
  if (isWhole(type) || !Number.isFinite(value)) return String(value);
  const single = Math.fround(value);
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return String(short);
  }
  return String(single);
}

/** As the list shows it: to the decimals that the vehicle names, where that hides nothing. */
export function shown(value: number, type: string, meaning: Meaning = {}): string {
  const text = exact(value, type);
  if (isWhole(type) || meaning.decimals === undefined || /e/.test(text)) return text;
  const rounded = String(Number(value.toFixed(Math.max(meaning.decimals, 3))));
  return Number(rounded) === 0 && value !== 0 ? text : rounded;
}

/** What a choice is called, the bits that are set, or nothing. */
export function called(value: number, meaning: Meaning): string {
  if (meaning.values) return meaning.values.find(([number]) => Math.fround(number) === Math.fround(value))?.[1] ?? '';
  if (!meaning.bits) return '';
  return meaning.bits.filter(([bit]) => bitSet(value, bit)).map(([, text]) => text).join(', '); // prettier-ignore
}

export const bitSet = (value: number, bit: number): boolean => Math.floor(value / 2 ** bit) % 2 === 1;

export const withBit = (value: number, bit: number, on: boolean): number =>
  bitSet(value, bit) === on ? value : value + (on ? 1 : -1) * 2 ** bit;

const near = (a: number, b: number): boolean => Math.fround(a) === Math.fround(b);

export function rowsOf(aboard: Aboard[], meanings: Record<string, Meaning>): Row[] {
  return aboard.map((one) => {
    const meaning = Object.hasOwn(meanings, one.name) ? meanings[one.name]! : {};
    const group = meaning.group ?? one.name.split('_')[0]!;
    return {
      ...one,
      group,
      meaning,
      changed: meaning.default !== undefined && !near(one.value, meaning.default),
      words: [one.name, meaning.short, meaning.long, group].join(' ').toLowerCase(),
    };
  });
}

export interface Wanted {
  words: string;
  group: string;
  changed: boolean;
}

/** The rows that fit: all words somewhere; a name that begins so comes first. */
export function fitting(rows: Row[], { words, group, changed }: Wanted): Row[] {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(
    (row) =>
      (group === '' || row.group === group) &&
      (!changed || row.changed) &&
      asked.every((word) => row.words.includes(word)),
  );
  if (asked.length === 0) return found;
  const begins = (row: Row) => (row.name.toLowerCase().startsWith(asked[0]!) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}

export function groupsOf(rows: Row[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.group, (counts.get(row.group) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}

export type Fault = 'not_number' | 'not_whole' | 'too_large' | 'read_only' | 'outside';

/** What is wrong with a value for a parameter; "outside" is a range that the vehicle may know better. */
export function faultOf(value: number, row: Row): Fault | undefined {
  if (!Number.isFinite(value)) return 'not_number';
  if (row.meaning.read_only) return 'read_only';
  const [least, most] = WHOLE[row.type] ?? [-MOST_FLOAT, MOST_FLOAT];
  if (isWhole(row.type) && !Number.isInteger(value)) return 'not_whole';
  if (value < least || value > most) return 'too_large';
  const { min, max } = row.meaning;
  if ((min !== undefined && value < min && !near(value, min)) || (max !== undefined && value > max && !near(value, max)))
    return 'outside';
  return undefined;
}

/** A number as people write it, a decimal comma too; NaN for none. */
export function numberIn(text: string): number {
  const plain = text.trim().replace(/^([-+]?\d*),(\d+)$/, '$1.$2').replace('−', '-');
  if (/^[-+]?0x[0-9a-f]+$/i.test(plain)) return Number(plain);
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}
