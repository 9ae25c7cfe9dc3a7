import { join } from 'node:path';
import type { ColumnDifference, TableDifference } from '../../workflows/difference.ts';
import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import {
  comparable,
  comparedColumns,
  isShared,
  rowsIn,
  type ComparedColumn,
  type SharedColumn,
} from './compared-columns.ts';
import { differingByKey, differingByRow, type Sides } from './differing-rows.ts';
import { readExamples } from './examples.ts';

/** A table as it was published, and as it would be today. */
export interface TwoTables extends Sides {
  readonly name: string;
  readonly key: readonly string[];
  /** `_file`, `_line`, `_offset` and `_length` are no part of what is published. */
  readonly withoutPlace: boolean;
  readonly examples: number;
}

/** Where two tables part. One that is not there has no files. */
export async function compareTable(session: Session, tables: TwoTables): Promise<TableDifference> {
  const { name, then, now, examples } = tables;
  const columns = await comparedColumns(session, then, now, tables.withoutPlace);
  const rows = { then: await countRows(session, then), now: await countRows(session, now) };
  const shared = columns.filter(isShared);
  if (then.length === 0 || now.length === 0 || shared.length === 0) {
    return nothingShared(name, rows, then.length === 0 ? 'new' : now.length === 0 ? 'gone' : 'compared', columns);
  }
  const { key, keyless } = await usableKey(session, tables, shared);
  return withScratchFolder(async (folder) => {
    const path = join(folder, 'rows.parquet');
    const places = { hashes: join(folder, 'hashes.parquet'), rows: path };
    if (key.length > 0) await differingByKey(session, tables, shared, key, places);
    else await differingByRow(session, tables, shared, places);
    const count = await countDiffering(session, path, shared);
    const differences = columnDifferences(columns, shared, count.cells);
    return {
      ...{ name, state: 'compared', key: key.map((column) => column.name), keyless },
      ...{ added: count.added, removed: count.removed, changed: count.changed },
      unchanged: rows.then - count.removed - count.changed,
      structure: differences.filter((column) => column.then !== column.now).length,
      columns: differences,
      examples: await readExamples(session, path, shared, key, examples),
    };
  });
}

function nothingShared(
  name: string,
  rows: { readonly then: number; readonly now: number },
  state: TableDifference['state'],
  columns: readonly ComparedColumn[],
): TableDifference {
  const differences = state === 'compared' ? columnDifferences(columns, [], []) : [];
  return {
    ...{ name, state, key: [], keyless: null, added: rows.now, removed: rows.then, changed: 0, unchanged: 0 },
    ...{ structure: Math.max(1, differences.length), columns: differences },
    examples: { added: [], removed: [], changed: [] },
  };
}

/** The key, where both sides have it, and no value of it twice or empty. */
async function usableKey(
  session: Session,
  { key, then, now }: TwoTables,
  shared: readonly SharedColumn[],
): Promise<{ readonly key: readonly SharedColumn[]; readonly keyless: string | null }> {
  if (key.length === 0) return { key: [], keyless: null };
  const columns = shared.filter(({ name }) => key.includes(name));
  const missing = key.filter((name) => !columns.some((column) => column.name === name));
  if (missing.length > 0) return { key: [], keyless: `the key (${missing.join(', ')}) is not in both` };
  for (const [paths, when] of [
    [then, 'then'],
    [now, 'now'],
  ] as const) {
    if (await isUnique(session, paths, columns)) continue;
    return { key: [], keyless: `the key (${key.join(', ')}) repeats or is empty in what there is ${when}` };
  }
  return { key: columns, keyless: null };
}

async function isUnique(session: Session, paths: readonly string[], key: readonly SharedColumn[]): Promise<boolean> {
  const values = key.map((column, index) => `${comparable(column, identifier(column.name))} AS k${index}`).join(', ');
  const names = key.map((_, index) => `k${index}`);
  const empty = names.map((name) => `${name} IS NULL`).join(' OR ');
  const broken = await session.count(
    `SELECT count(*) FROM (SELECT 1 FROM (SELECT ${values} FROM ${rowsIn(paths)})
       GROUP BY ${names.join(', ')} HAVING count(*) > 1 OR bool_or(${empty}) LIMIT 1)`,
  );
  return broken === 0;
}

async function countRows(session: Session, paths: readonly string[]): Promise<number> {
  return paths.length === 0 ? 0 : session.count(`SELECT count(*) FROM ${rowsIn(paths)}`);
}

interface Differing {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Changed cells by the number of their column. */
  readonly cells: readonly number[];
}

async function countDiffering(session: Session, path: string, shared: readonly SharedColumn[]): Promise<Differing> {
  const kinds = ['added', 'removed', 'changed'] as const;
  const sums = kinds.map((kind) => `coalesce(sum(times) FILTER (kind = '${kind}'), 0)::BIGINT AS ${identifier(kind)}`);
  const cells = shared.map((_, index) => `count(*) FILTER (kind = 'changed' AND differs_${index}) AS cells_${index}`);
  const [row] = await session.rows<Record<string, string>>(
    `SELECT ${[...sums, ...cells].join(', ')} FROM ${rowsIn([path])}`,
  );
  const read = (name: string): number => Number(row?.[name] ?? 0);
  return {
    ...{ added: read('added'), removed: read('removed'), changed: read('changed') },
    cells: shared.map((_, index) => read(`cells_${index}`)),
  };
}

/** Columns that are new, gone, of another type, or have changed cells. */
function columnDifferences(
  columns: readonly ComparedColumn[],
  shared: readonly SharedColumn[],
  cells: readonly number[],
): ColumnDifference[] {
  return columns
    .map((column) => {
      const changed = isShared(column) ? (cells[shared.indexOf(column)] ?? 0) : 0;
      return { name: column.name, then: column.then ?? null, now: column.now ?? null, changed };
    })
    .filter(({ then, now, changed }) => then !== now || changed > 0);
}
