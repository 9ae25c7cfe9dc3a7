import { join } from 'node:path';
import type { Session } from '../../../../activities/duckdb/session.ts';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { amongOthers } from '../types/among-others.ts';
import type { Carrier, RowColumn } from '../../../../activities/ingest/rows/layout.ts';
import {
  createParquetFile,
  finishParquet,
  RowGroupEncoder,
  writeRowGroup,
} from '../../../../activities/ingest/rows/parquet-file.ts';
import type { RowBuilder } from '../../../../activities/ingest/rows/row-builder.ts';

export type Cell = string | null;

export function column(name: string, carrier: Carrier, more: Partial<RowColumn> = {}): RowColumn {
  return { name, field: name, carrier, required: false, onMisfit: 'suspect', ...more };
}

export function put(
  builder: RowBuilder,
  position: number,
  text: Cell,
  how: 'value' | 'string' | 'number' | 'boolean' = 'value',
): boolean {
  if (text === null) return builder.nothing(position);
  const bytes = amongOthers(text);
  return builder[how](position, bytes, 1, bytes.length - 1);
}

/** Writes the builder's rows, group by group as `fill` fills it, and returns the file's path. */
export async function writeFile(
  folder: string,
  builder: RowBuilder,
  groups: number,
  fill: (group: number) => void,
  encoder = new RowGroupEncoder(),
): Promise<string> {
  const path = join(folder, 'rows.parquet');
  const { fd, offset } = createParquetFile(path);
  const written = [];
  for (let group = 0; group < groups; group += 1) {
    fill(group);
    written.push(writeRowGroup(fd, offset, encoder.encode(builder)));
    builder.clear();
  }
  await finishParquet(fd, builder.buffers, written);
  return path;
}

/**
 * All cells as DuckDB writes them as text, in the order of the rows. By way of hex: DuckDB's Node API drops U+FEFF from
 * the head of every text that it hands over.
 */
export async function readFile(session: Session, path: string): Promise<Cell[][]> {
  const rows = await session.rows<Record<string, Cell>>(
    `SELECT hex(encode(COLUMNS(* EXCLUDE file_row_number)::VARCHAR))
     FROM read_parquet(${literal(path)}, file_row_number = true) ORDER BY file_row_number`,
  );
  return rows.map((row) => Object.values(row).map(unhexed));
}

export function unhexed(cell: Cell): Cell {
  return cell === null ? null : Buffer.from(cell, 'hex').toString('utf8');
}
