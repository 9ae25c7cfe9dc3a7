import { standardType, type Field } from './field.ts';

/** A value as the API gives it: text, or what is nested; every member is wrapped as `{ v }`. */
export type Cell = string | null | { readonly f: readonly Wrapped[] } | readonly Wrapped[];

interface Wrapped {
  readonly v: Cell;
}

/** A row as the API gives it. */
export interface ApiRow {
  readonly f: readonly Wrapped[];
}

/** Types whose text is a number or a truth in JSON as it is. */
const BARE: readonly string[] = ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64', 'BOOL'];

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A row as one line of JSON, in which no value is another: numbers keep their digits, as JSON has no width for them. */
export function jsonLine(fields: readonly Field[], row: ApiRow): string {
  return members(fields, row.f);
}

/** A row as one line of JSON in which every value is text, or null. */
export function textLine(fields: readonly Field[], row: ApiRow): string {
  const cells = fields.map((field, at) => {
    const text = cellText(field, row.f[at]?.v ?? null);
    return `${JSON.stringify(field.name)}:${text === null ? 'null' : JSON.stringify(text)}`;
  });
  return `{${cells.join(',')}}`;
}

/** A value as text; of what is nested its JSON. */
function cellText(field: Field, value: Cell): string | null {
  if (value === null) return null;
  return typeof value === 'string' ? scalarText(field, value) : jsonOf(field, value);
}

function members(fields: readonly Field[], values: readonly Wrapped[]): string {
  const cells = fields.map((field, at) => `${JSON.stringify(field.name)}:${jsonOf(field, values[at]?.v ?? null)}`);
  return `{${cells.join(',')}}`;
}

function jsonOf(field: Field, value: Cell): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return scalarJson(field, value);
  if (!('f' in value)) {
    const { mode: _, ...one } = field;
    return `[${value.map(({ v }) => jsonOf(one, v)).join(',')}]`;
  }
  return members(field.fields ?? [], value.f);
}

function scalarJson(field: Field, value: string): string {
  const type = standardType(field);
  const text = scalarText(field, value);
  const isBare = BARE.includes(type) && (type === 'BOOL' || JSON_NUMBER.test(text));
  return isBare ? text : JSON.stringify(text);
}

function scalarText(field: Field, value: string): string {
  const type = standardType(field);
  return (SPELLED[type] ?? asItIs)(value);
}

function asItIs(value: string): string {
  return value;
}

/** Types of which the API, or an emulator of it, spells one value in several ways. */
const SPELLED: Readonly<Record<string, (value: string) => string>> = {
  TIMESTAMP: instantText,
  FLOAT64: (value) => NOT_FINITE[value.toLowerCase()] ?? value,
  NUMERIC: plainDecimal,
  BIGNUMERIC: plainDecimal,
};

/** `1.500` is `1.5`, `1.000` is `1`, and `1E-9`, as an emulator writes it, is `0.000000001`. */
function plainDecimal(value: string): string {
  const [, sign = '', whole = '', behind = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]?\d+))?$/i.exec(value) ?? [];
  if (whole === '') return value;
  const zeros = '0'.repeat(Math.abs(Number(exponent)));
  const digits = Number(exponent) < 0 ? `${zeros}${whole}${behind}` : `${whole}${behind}${zeros}`;
  const point = Number(exponent) < 0 ? whole.length : whole.length + Number(exponent);
  const front = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const back = digits.slice(point).replace(/0+$/, '');
  return `${sign}${front}${back === '' ? '' : `.${back}`}`;
}

const NOT_FINITE: Readonly<Record<string, string>> = {
  nan: 'NaN',
  inf: 'Infinity',
  infinity: 'Infinity',
  '-inf': '-Infinity',
  '-infinity': '-Infinity',
};

/** Microseconds since 1970 as an instant: `2024-02-29 12:34:56.123456+00`. */
function instantText(microseconds: string): string {
  const all = BigInt(microseconds);
  const rest = ((all % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((all - rest) / 1_000n)).toISOString().slice(0, 19).replace('T', ' ');
  const fraction = rest === 0n ? '' : `.${rest.toString().padStart(6, '0')}`;
  return `${seconds}${fraction}+00`;
}
