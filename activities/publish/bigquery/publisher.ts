import { join } from 'node:path';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import { duckdbTypeOf } from '../../bigquery/field.ts';
import { bigQueryPlace } from '../../bigquery/place.ts';
import { typedRows } from '../../bigquery/typed-rows.ts';
import { openWarehouse, type Warehouse } from '../../bigquery/warehouse.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import { withScratchFolder } from '../../scratch-folder.ts';
import { recordIn } from '../database/ledger-row.ts';
import type { ThereColumn } from '../fit-columns.ts';
import type { Publisher, PublishedRows, Reading, StandingTable } from '../publisher.ts';
import { temporary } from '../scratch-names.ts';
import { bigQueryColumn } from './column-types.ts';
import { ledgerRows } from './ledger.ts';
import { publicationProblem } from './publication-problem.ts';
import { publishToBigQuery } from './publish.ts';
import { fetchTable } from './staging.ts';
import { tableThere } from './table-there.ts';

/** A dataset of BigQuery. What is read of it comes over whole, into DuckDB. */
export const BIGQUERY: Publisher = {
  publish: publishToBigQuery,
  positions: (reading, tables) =>
    inWarehouse(reading, async (warehouse) => {
      const rows = await ledgerRows(warehouse, tables, reading.work);
      const found: [string, readonly string[]][] = [];
      for (const name of tables) {
        const loads = rows.filter((row) => row.table_name === name);
        const last = loads.findLast((row) => row.position !== null || recordIn(row).mode === 'replace');
        const position = (await tableThere(warehouse, name)) && last?.position;
        found.push([name, position ? [position] : []]);
      }
      return Object.fromEntries(found);
    }),
  standing: (reading, tables) =>
    inWarehouse(reading, async (warehouse) => {
      const found = new Map<string, StandingTable>();
      for (const name of tables) {
        const { relation, columns } = await fetched(reading, warehouse, name);
        if (relation !== undefined) found.set(name, { relation, columns: columns.map((column) => column.name) });
      }
      return found;
    }),
  published: (reading, { name }: TablePlan) =>
    inWarehouse(reading, async (warehouse): Promise<PublishedRows> => {
      const rows = await ledgerRows(warehouse, [name], reading.work);
      const found = await fetched(reading, warehouse, name);
      return { ...found, loads: rows.map(recordIn), mapping: bigQueryColumn, foreign: [] };
    }),
  problem: publicationProblem,
};

async function inWarehouse<Result>(
  { place: { server = {}, path }, variables, work }: Reading,
  use: (warehouse: Warehouse) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(await openWarehouse(bigQueryPlace(server, path, variables), variables));
  } catch (error) {
    work.signal.throwIfAborted();
    throw publicationProblem(error, path);
  }
}

/** A table as it is now, in DuckDB's temporary schema. */
async function fetched(
  { session, work }: Reading,
  warehouse: Warehouse,
  name: string,
): Promise<{ readonly relation?: string; readonly columns: readonly ThereColumn[] }> {
  const there = await tableThere(warehouse, name);
  if (!there) return { columns: [] };
  return withScratchFolder(async (folder) => {
    const path = join(folder, 'rows');
    const fields = await fetchTable(warehouse, name, path, work);
    const columns = fields.map((field): ThereColumn => {
      const declared = there.fields.find((one) => one.name === field.name);
      return { name: field.name, type: duckdbTypeOf(declared ?? field) };
    });
    const relation = temporary('there', name);
    await session.run(
      `CREATE OR REPLACE TEMP TABLE ${identifier(`there ${name}`)} AS SELECT * FROM ${typedRows(path, columns)}`,
    );
    return { relation, columns };
  });
}
