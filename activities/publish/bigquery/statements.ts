import { quotedName, quotedTable, quotedText } from '../../bigquery/quoted.ts';
import type { Warehouse } from '../../bigquery/warehouse.ts';
import { LEDGER, type LedgerRow } from '../database/ledger-row.ts';

/** What one load does to its table inside the transaction of a publication. */
export interface Change {
  readonly table: string;
  /** The table with the rows of the load, which has its columns. */
  readonly staging: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly rows: number;
  /** Its row of the ledger. The counts of what has changed are set by the transaction itself, unless they are known. */
  readonly entry: Omit<LedgerRow, 'sequence'>;
  /** A condition: it was done before. */
  readonly known: string;
  /** A condition: a later run has published the table. */
  readonly overtaken: string;
  readonly how: Manner;
  /** Whether what it changes is known, as the table has just been made of its rows. */
  readonly counted: boolean;
}

/** How rows go in: what is counted before, what is done, and what must then hold. */
export interface Manner {
  readonly counts: (at: At) => Counts;
  readonly statements: (at: At) => readonly string[];
  /** A condition: every row of the load is there as it was given. */
  readonly holds: (at: At) => string;
}

/** Expressions; those that name a variable are counted before anything is changed. */
export interface Counts {
  readonly before: string;
  readonly found: string;
  readonly kept: string;
  readonly inserted: string;
  readonly updated: string;
  readonly unchanged: string;
  readonly removed: string;
}

/** Names at the place: those of tables quoted, those of variables as they are. */
export interface At {
  readonly change: Change;
  readonly target: string;
  readonly staging: string;
  readonly before: string;
  readonly found: string;
  readonly kept: string;
}

/** Marks of what the transaction itself refuses, in the message of its failure. */
export const REFUSED = {
  overtaken: 'acequia-overtaken',
  changed: 'acequia-changed',
  several: 'acequia-several',
} as const;

/**
 * One script for all tables of a publication, whose transaction holds rows and ledger. BigQuery itself undoes it where any
 * statement fails. Tables were made before: that is no part of a transaction there.
 */
export function transactionScript(warehouse: Warehouse, changes: readonly Change[]): string {
  const parts = changes.map((change, index): At => ({
    change,
    target: quotedTable(warehouse, change.table),
    staging: quotedTable(warehouse, change.staging),
    before: `before_${index}`,
    found: `found_${index}`,
    kept: `kept_${index}`,
  }));
  const variables = parts.flatMap(({ before, found, kept }) => [before, found, kept]);
  return [
    `DECLARE ${variables.join(', ')} INT64 DEFAULT 0`,
    'BEGIN TRANSACTION',
    ...parts.map((at) => partOf(at, quotedTable(warehouse, LEDGER))),
    'COMMIT TRANSACTION',
    '',
  ].join(';\n');
}

function partOf(at: At, ledger: string): string {
  const { change } = at;
  const counts = change.how.counts(at);
  const done = [
    refusedWhere(`EXISTS (SELECT 1 FROM ${ledger} WHERE ${change.overtaken})`, REFUSED.overtaken, change),
    ...(['before', 'found', 'kept'] as const).map((name) => `SET ${at[name]} = ${counts[name]}`),
    ...change.how.statements(at),
    refusedWhere(`NOT (${change.how.holds(at)})`, REFUSED.changed, change),
    entered(change, ledger, counts),
  ];
  return `IF NOT EXISTS (SELECT 1 FROM ${ledger} WHERE ${change.known}) THEN\n${done.map((one) => `${one};\n`).join('')}END IF`;
}

export function refusedWhere(condition: string, mark: string, { table }: Change): string {
  return `SELECT IF(${condition}, ERROR(${quotedText(`${mark} ${table}`)}), 'sound')`;
}

function entered({ entry, counted }: Change, ledger: string, counts: Counts): string {
  const set: Partial<Record<string, string>> = counted
    ? {}
    : { inserted: counts.inserted, updated: counts.updated, unchanged: counts.unchanged, removed: counts.removed };
  const cells = Object.entries(entry).map(([name, value]): [string, string] => [
    name,
    set[name] ?? cellOf(name, value),
  ]);
  const sequence = `(SELECT COALESCE(MAX(sequence), 0) + 1 FROM ${ledger})`;
  const names = ['sequence', ...cells.map(([name]) => name)].map(quotedName).join(', ');
  return `INSERT INTO ${ledger} (${names}) SELECT ${[sequence, ...cells.map(([, value]) => value)].join(', ')}`;
}

const NUMBERS: readonly string[] = ['rows', 'inserted', 'updated', 'unchanged', 'removed', 'made'];

function cellOf(name: string, value: string | null): string {
  if (value === null) return 'NULL';
  return NUMBERS.includes(name) ? value : quotedText(value);
}
