import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identifier } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { stagedRows } from '../../../activities/duckdb/staged-tables.ts';
import { ingestSource } from '../../../activities/ingest/ingest-source.ts';
import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { IngestedSource } from '../../../workflows/stages.ts';
import { quietWork } from '../../support/work.ts';
import { expectClosed } from './closed-sums.ts';
import { requestFor } from './ingest-bytes.ts';

export type Cell = string | null;

/** A file that was loaded, with what came of it. */
export interface LoadedFile {
  readonly path: string;
  /** URI. */
  readonly lake: string;
  readonly result: IngestedSource;
  readonly report: SourceReport;
  /** Of the records' table, without provenance. `field`: what the file calls it; `type` as DuckDB names it. */
  readonly columns: readonly { readonly name: string; readonly field: string; readonly type: string }[];
  /** Its rows in the file's order, each value as text. */
  readonly rows: readonly (readonly Cell[])[];
  /** What was quarantined, in the file's order. */
  readonly quarantined: readonly { readonly line: string; readonly value: Cell; readonly reason: string }[];
}

const PROVENANCE = ['_file', '_line', '_offset', '_length'];

/**
 * Writes a file into a folder of its own below `folder`, loads it with nothing declared but what `source` says, and reads
 * back what came of it. The sums must close. Errors: those of `ingestSource`.
 */
export async function loadFile(
  folder: string,
  name: string,
  bytes: Uint8Array | string,
  source: Partial<SourcePlan> = {},
): Promise<LoadedFile> {
  await mkdir(folder, { recursive: true });
  const home = await mkdtemp(join(folder, 'load-'));
  const path = join(home, name);
  await writeFile(path, bytes);
  const contract = { newColumns: 'evolve', missingColumns: 'freeze', types: 'evolve' } as const;
  const request = requestFor(home, {}, { kind: 'files', path, contract, failAbove: 1, ...source });
  const result = await ingestSource(request, quietWork());
  const lake = openLake(request.lake);
  const report = JSON.parse(await readFile(await lake.local(result.report), 'utf8')) as SourceReport;
  return withSession(undefined, async (session) => {
    await expectClosed(session, lake, result);
    const rows = await stagedRows(lake, { uris: result.tables[0]?.uris ?? [] });
    const described = await session.rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM ${rows}`,
    );
    const columns = described
      .filter(({ column_name }) => !PROVENANCE.includes(column_name))
      .map(({ column_name: name, column_type: type }) => {
        const field = report.tables[0]?.columns.find((known) => known.name === name)?.field;
        return { name, field: field ?? name, type };
      });
    // As bytes: DuckDB's Node API leaves out U+FEFF at the start of a text when it hands it over.
    const texts = columns.map((column, index) => `hex(CAST(${identifier(column.name)} AS VARCHAR)) AS c${index}`);
    const read = await session.rows<Record<string, Cell>>(
      `SELECT ${['1 AS one', ...texts].join(', ')} FROM ${rows} ORDER BY _line, _offset`,
    );
    const quarantine = `read_parquet('${await lake.local(result.quarantine)}')`;
    return {
      ...{ path, lake: request.lake, result, report, columns },
      rows: read.map((row) => columns.map((_, index) => fromHex(row[`c${index}`] ?? null))),
      quarantined: await session.rows<{ line: string; value: Cell; reason: string }>(
        `SELECT line, value, reason FROM ${quarantine} ORDER BY line, "offset"`,
      ),
    };
  });
}

export function fromHex(hex: Cell): Cell {
  return hex === null ? null : Buffer.from(hex, 'hex').toString('utf8');
}

/** The texts of one column. */
export function column({ columns, rows }: LoadedFile, name: string): readonly Cell[] {
  const at = columns.findIndex((known) => known.name === name);
  if (at < 0) throw new Error(`there is no column ${name}`);
  return rows.map((row) => row[at] ?? null);
}
