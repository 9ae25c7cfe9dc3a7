import fc from 'fast-check';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import type { LoadMode, TablePlan } from '../../../workflows/definition/index.ts';

/** Columns of every type that a load may have, with DuckDB's text of random values. */
const COLUMNS = {
  id: { type: 'BIGINT', values: fc.integer({ min: 0, max: 7 }).map(String) },
  small: { type: 'INTEGER', values: fc.integer().map(String) },
  big: { type: 'BIGINT', values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
  price: { type: 'DECIMAL(10,2)', values: decimals(8, 2) },
  exact: { type: 'DECIMAL(38,6)', values: decimals(32, 6) },
  share: { type: 'DOUBLE', values: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  text: {
    type: 'VARCHAR',
    values: fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
      fc.constantFrom('', 'ñandú', '007', "O'Brien", '🐟', '1.50', 'NULL'),
    ),
  },
  paid: { type: 'BOOLEAN', values: fc.boolean().map(String) },
  day: { type: 'DATE', values: moments().map((text) => text.slice(0, 10)) },
  at: { type: 'TIMESTAMP', values: moments() },
} as const;

export type Row = Readonly<Record<string, string | null>>;

function decimals(digits: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(digits) - 1n;
  return fc.tuple(fc.bigInt({ min: -most, max: most }), fc.nat({ max: 10 ** scale - 1 })).map(
    // Minus nought has no decimal of its own.
    ([whole, rest]) => `${whole}.${String(rest).padStart(scale, '0')}`,
  );
}

function moments(): fc.Arbitrary<string> {
  const [min, max] = [new Date('1600-01-01T00:00:00Z'), new Date('2400-01-01T00:00:00Z')];
  return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString().slice(0, 19).replace('T', ' '));
}

const row = fc.record(
  Object.fromEntries(
    Object.entries(COLUMNS).map(([name, { values }]) => [
      name,
      name === 'id' ? values : fc.oneof({ weight: 4, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) }),
    ]),
  ),
) as fc.Arbitrary<Row>;

/** Loads one after another; the key `id` stands once in each. */
export const loads = fc.array(fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 6 }), {
  minLength: 1,
  maxLength: 3,
});

/** The rows as a query that gives exactly them. */
export function queryOf(rows: readonly Row[]): string {
  const typed = Object.entries(COLUMNS).map(([name, { type }]) => `"${name}"::${type} AS "${name}"`);
  const none = `SELECT ${Object.keys(COLUMNS)
    .map((name) => `NULL AS "${name}"`)
    .join(', ')} WHERE false`;
  const values = rows.map(
    (cells) =>
      `SELECT ${Object.keys(COLUMNS)
        .map((name) => `${cells[name] == null ? 'NULL' : literal(cells[name])} AS "${name}"`)
        .join(', ')}`,
  );
  return `SELECT ${typed.join(', ')} FROM (${[none, ...values].join(' UNION ALL ')})`;
}

/** Rows in an order and a writing in which those of all destinations can be compared. */
export function comparable(rows: readonly Row[]): string[] {
  return rows
    .map((cells) =>
      JSON.stringify(Object.keys(COLUMNS).map((name) => (cells[name] == null ? null : written(name, cells[name])))),
    )
    .sort();
}

/** Engines write the same number and the same moment in several ways. */
function written(name: string, text: string): string {
  if (name === 'share' || name === 'price') return String(Number(text) + 0);
  if (name === 'paid') return text.replace('true', '1').replace('false', '0');
  return text;
}

/** What a table holds: its rows, and of those that are gone or past, how often each is told. */
export interface Image {
  /** In force. */
  readonly rows: readonly Row[];
  /** Marked as deleted, or versions that have ended. */
  readonly past: readonly Row[];
}

/** What a table should hold after a load, and how the load should be counted: the law of each mode. */
export function model(
  { mode, missing }: Pick<TablePlan, 'missing'> & { readonly mode: LoadMode },
  { rows: before, past }: Image,
  seen: Set<string>,
  load: readonly Row[],
): { after: Image; counts: { inserted: number; updated: number; unchanged: number; removed: number } } {
  const text = (rows: readonly Row[]): string => comparable(rows).join();
  const old = new Map(before.map((cells) => [cells.id, cells]));
  const keys = new Set(load.map(({ id }) => id));
  const known = load.filter(({ id }) => old.has(id));
  const changed = known.filter((cells) => text([cells]) !== text([old.get(cells.id) ?? {}]));
  const byKey = {
    inserted: load.length - known.length,
    updated: changed.length,
    unchanged: known.length - changed.length,
    removed: 0,
  };
  const gone = before.filter(({ id }) => !keys.has(id));
  if (mode === 'replace') return { after: { rows: load, past }, counts: { ...byKey, removed: gone.length } };
  if (mode === 'merge') return { after: { rows: [...gone, ...load], past }, counts: byKey };
  if (mode === 'scd2') {
    const ended = [...changed.map(({ id }) => old.get(id) ?? {}), ...(missing === 'keep' ? [] : gone)];
    const kept = missing === 'keep' ? gone : [];
    return {
      after: { rows: [...kept, ...load], past: [...past, ...ended] },
      counts: { ...byKey, removed: missing === 'keep' ? 0 : gone.length },
    };
  }
  if (mode === 'delete-missing') {
    if (missing === 'hard') return { after: { rows: load, past }, counts: { ...byKey, removed: gone.length } };
    const back = new Set(past.filter(({ id }) => keys.has(id)).map(({ id }) => id));
    const counts = {
      inserted: byKey.inserted - back.size,
      updated: byKey.updated + back.size,
      unchanged: byKey.unchanged,
      removed: gone.length,
    };
    return { after: { rows: load, past: [...past.filter(({ id }) => !back.has(id)), ...gone] }, counts };
  }
  const again = seen.has(text(load));
  seen.add(text(load));
  return again
    ? { after: { rows: before, past }, counts: { inserted: 0, updated: 0, unchanged: load.length, removed: 0 } }
    : {
        after: { rows: [...before, ...load], past },
        counts: { inserted: load.length, updated: 0, unchanged: 0, removed: 0 },
      };
}

/** What a reader finds, told apart by the columns that a mode keeps. */
export function imageOf(rows: readonly Row[]): Image {
  const isPast = (cells: Row): boolean => cells['_deleted_at'] != null || cells['valid_to'] != null;
  return { rows: rows.filter((cells) => !isPast(cells)), past: rows.filter(isPast) };
}

export function comparableImage({ rows, past }: Image): { rows: string[]; past: string[] } {
  return { rows: comparable(rows), past: comparable(past) };
}
