import { quotedTable, quotedText } from '../../bigquery/quoted.ts';
import { queryJob, smallAnswer } from '../../bigquery/read-rows.ts';
import type { Warehouse } from '../../bigquery/warehouse.ts';
import type { Work } from '../../progress.ts';
import { changedLedger, FIRST, LATER, LEDGER, type LedgerRow } from '../database/ledger-row.ts';
import { readId } from './staging.ts';
import { makeTable, tableThere } from './table-there.ts';

const COLUMNS = Object.entries({ ...FIRST, ...LATER }).map(([name, type]) => ({ name, type }));

/** Makes the ledger where there is none yet. One that somebody has changed is neither read nor written. */
export async function ensureLedger(warehouse: Warehouse): Promise<void> {
  if (!(await isThere(warehouse))) await makeTable(warehouse, LEDGER, COLUMNS);
}

/** All loads of some tables, in their order; none where there is no ledger. */
export async function ledgerRows(
  warehouse: Warehouse,
  tables: readonly string[],
  work: Work,
): Promise<readonly LedgerRow[]> {
  if (tables.length === 0 || !(await isThere(warehouse))) return [];
  const names = tables.map(quotedText).join(', ');
  const query = `SELECT * FROM ${quotedTable(warehouse, LEDGER)} WHERE table_name IN (${names}) ORDER BY sequence`;
  return (await smallAnswer(warehouse, queryJob(warehouse, readId(), query), work)) as LedgerRow[];
}

async function isThere(warehouse: Warehouse): Promise<boolean> {
  const there = await tableThere(warehouse, LEDGER);
  if (!there) return false;
  if (there.kind !== 'table') throw changedLedger(`A ${there.kind} stands in its place.`);
  const problems = COLUMNS.flatMap(({ name, type }) => {
    const found = there.columns.find((column) => column.name === name);
    if (!found) return [`The column ${name} is missing.`];
    return found.type === type ? [] : [`The column ${name} is ${found.type}, and was ${type}.`];
  });
  if (problems.length > 0) throw changedLedger(problems.join(' '));
  return true;
}
