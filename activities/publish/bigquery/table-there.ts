import { isDuplicate, isNotFound } from '../../bigquery/api-error.ts';
import { duckdbTypeOf, type Field } from '../../bigquery/field.ts';
import { quotedName, quotedTable } from '../../bigquery/quoted.ts';
import type { Warehouse } from '../../bigquery/warehouse.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { fieldFor } from './column-types.ts';

/** A table or view as BigQuery describes it. */
export interface TableThere {
  /** `table`, `view`, `external`. */
  readonly kind: string;
  readonly fields: readonly Field[];
  readonly columns: readonly ThereColumn[];
  /** A load of ours has made it, to take rows. */
  readonly marked: boolean;
}

/** As what a table of ours carries it from its beginning, before the ledger knows of any load: a kill in between leaves it empty. */
const MARK = { acequia: 'made' };

export async function tableThere(warehouse: Warehouse, name: string): Promise<TableThere | undefined> {
  const { ask, dataset } = warehouse;
  try {
    const found = await ask<{ type: string; schema?: { fields?: readonly Field[] }; labels?: Record<string, string> }>(
      `/datasets/${dataset}/tables/${name}`,
    );
    const fields = found.schema?.fields ?? [];
    return {
      kind: found.type.toLowerCase(),
      fields,
      columns: fields.map((field) => ({ name: field.name, type: duckdbTypeOf(field) })),
      marked: found.labels?.['acequia'] === MARK.acequia,
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Makes an empty table, unless another attempt has just done so. */
export async function makeTable(warehouse: Warehouse, name: string, columns: readonly ThereColumn[]): Promise<void> {
  const { ask, project, dataset } = warehouse;
  const tableReference = { projectId: project, datasetId: dataset, tableId: name };
  const body = { tableReference, schema: { fields: columns.map(fieldFor) }, labels: MARK };
  try {
    await ask(`/datasets/${dataset}/tables`, { method: 'POST', body });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** Makes a table anew, of the rows of another with the same columns. */
export function remakeStatement(
  warehouse: Warehouse,
  name: string,
  columns: readonly ThereColumn[],
  from: string,
): string {
  const typed = columns.map((column) => `${quotedName(column.name)} ${typeText(fieldFor(column))}`);
  const list = columns.map((column) => quotedName(column.name)).join(', ');
  const label = `OPTIONS (labels = [('acequia', '${MARK.acequia}')])`;
  return `CREATE OR REPLACE TABLE ${quotedTable(warehouse, name)} (${typed.join(', ')}) ${label} AS SELECT ${list} FROM ${quotedTable(warehouse, from)}`;
}

export async function dropTable({ ask, dataset }: Warehouse, name: string): Promise<void> {
  try {
    await ask(`/datasets/${dataset}/tables/${name}`, { method: 'DELETE' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Whether a table has just the columns of a load, of types that hold its values and give them back alike. */
export function hasColumnsOf({ fields }: TableThere, columns: readonly ThereColumn[]): boolean {
  return (
    fields.length === columns.length &&
    columns.map(fieldFor).every((wanted) => {
      const found = fields.find(({ name }) => name === wanted.name);
      // One without limits of its own holds what one with limits does.
      const isFree = found?.precision === undefined;
      return (
        found?.type === wanted.type &&
        (isFree || (found.precision === wanted.precision && found.scale === wanted.scale))
      );
    })
  );
}

/** A column as `CREATE` and `ALTER TABLE` write its type. */
export function typeText({ type, precision, scale }: Field): string {
  const name = STANDARD_SQL[type] ?? type;
  return precision === undefined ? name : `${name}(${precision}, ${scale ?? '0'})`;
}

const STANDARD_SQL: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };
