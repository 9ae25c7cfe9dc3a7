import type { PublishRequest } from '../../../workflows/stages.ts';
import { quotedTable, quotedText } from '../../bigquery/quoted.ts';
import type { Warehouse } from '../../bigquery/warehouse.ts';
import { allNew, type Changes } from '../count-changes.ts';
import { ledgerRow, LEDGER } from '../database/ledger-row.ts';
import type { Load } from '../staged-load.ts';
import { mannerOf } from './manners.ts';
import type { Change } from './statements.ts';

export interface ChangeToMake {
  readonly request: PublishRequest;
  readonly load: Load;
  /** The table is one that Acequia created. */
  readonly made: boolean;
  /** The table that holds the rows of the load. */
  readonly staging: string;
  /** Statements that have changed the structure of the table. Default: none. */
  readonly ddl?: readonly string[];
  /** What the load changes, where it is known before. Default: the transaction counts it. */
  readonly counts?: Changes;
}

/** What a load does to its table, and what the ledger then says of it. */
export function changeOf(
  warehouse: Warehouse,
  { request, load, made, staging, ddl = [], counts }: ChangeToMake,
): Change {
  const { run, requestedAt } = request;
  const { table, mode, columns, content, loadId } = load;
  const published = {
    name: table.name,
    destination: request.destination.name,
    loadId,
    ...(counts ?? allNew(content.rows)),
    ...content,
    ...(ddl.length > 0 ? { ddl } : {}),
  };
  const ofTable = `table_name = ${quotedText(table.name)}`;
  const ofLoad = `${ofTable} AND load_id = ${quotedText(loadId)}`;
  const later = `${ofTable} AND requested_at > ${quotedText(requestedAt)}`;
  return {
    table: table.name,
    staging,
    columns: columns.map(({ name }) => name),
    key: table.key,
    rows: content.rows,
    entry: ledgerRow(request, published, mode, made),
    known:
      mode === 'append'
        ? `${ofLoad} AND ${sinceReplaced(quotedTable(warehouse, LEDGER), ofTable)}`
        : `${ofLoad} AND root_run_id = ${quotedText(run.rootRunId)}`,
    overtaken:
      { append: 'FALSE', replace: later }[mode as string] ?? `${later} AND pipeline = ${quotedText(run.pipeline)}`,
    how: mannerOf(mode),
    counted: counts !== undefined,
  };
}

function sinceReplaced(ledger: string, ofTable: string): string {
  return `sequence >= COALESCE((SELECT MAX(sequence) FROM ${ledger} WHERE ${ofTable} AND load_mode = 'replace'), 0)`;
}
