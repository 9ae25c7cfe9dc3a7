import { pathToFileURL } from 'node:url';
import { literal } from '../../activities/duckdb/identifiers.ts';
import { withSession } from '../../activities/duckdb/session.ts';
import type { ColumnReport, SourceReport } from '../../activities/ingest/staging/source-report.ts';
import { openLake } from '../../activities/lake/lake.ts';
import { receiptKey, type Receipt, type ReceiptSource } from '../../workflows/receipt.ts';

/** A lake with runs as the stages leave them, for commands that only look. */

export interface StoredSource {
  readonly name: string;
  readonly uri?: string;
  readonly report: Partial<SourceReport>;
  readonly quarantined?: readonly Quarantined[];
}

export interface Quarantined {
  readonly file?: string;
  readonly line: number;
  readonly offset?: number;
  readonly column?: string | null;
  readonly value?: string | null;
  readonly expected?: string | null;
  readonly reason: string;
  readonly record?: string | null;
  readonly cells?: Readonly<Record<string, string | null>> | null;
  readonly kept?: boolean;
}

export const RUN_ID = '0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d';

/** Writes a run's quarantine, reports and receipt into the lake in a folder. */
export async function storeRun(
  lakeFolder: string,
  run: Partial<Receipt['run']>,
  sources: readonly StoredSource[],
  rest: Partial<Receipt> = {},
): Promise<Receipt> {
  const lake = openLake(pathToFileURL(lakeFolder).href);
  const stored: ReceiptSource[] = [];
  for (const { name, uri = `/in/${name}.csv`, report, quarantined = [] } of sources) {
    const key = `${run.pipeline ?? 'shop'}/${name}/${run.runId ?? RUN_ID}`;
    const full = sourceReport(name, report);
    const kept = quarantined.filter((row) => row.kept).length;
    stored.push({
      ...{ name, uri, files: 1, bytes: 100, digest: 'ab', read: 10, staged: 10 - quarantined.length + kept },
      quarantined: quarantined.length - kept,
      deduplicated: 0,
      discarded: kept,
      reasons: quarantined.map(({ reason }) => ({ reason, rows: 1 })),
      quarantine: await lake.write(`quarantine/${key}.parquet`, (path) => writeQuarantine(path, name, quarantined)),
      report: await lake.writeText(`staging/${key}/source.json`, JSON.stringify(full)),
      reading: null,
      error: null,
    });
  }
  const receipt: Receipt = {
    version: 1,
    run: {
      ...{ pipeline: 'shop', environment: 'dev', workflowId: 'shop-dev', runId: RUN_ID, planDigest: 'p' },
      ...{ asOf: '2025-01-01', sample: false, options: {}, outcome: 'succeeded' },
      ...{ startedAt: '2025-01-01T10:00:00.000Z', finishedAt: '2025-01-01T10:00:02.000Z' },
      ...run,
    },
    ...{ steps: [], sources: stored, tables: [], checks: [], accounted: true, error: null },
    ...{ replay: null, destinations: [], uploads: [], metrics: null, results: [] },
    versions: { acequia: '0', duckdb: '1', node: '20' },
    ...rest,
  };
  await lake.writeText(receiptKey(receipt.run), JSON.stringify(receipt));
  return receipt;
}

export function sourceReport(name: string, report: Partial<SourceReport>): SourceReport {
  return {
    counts: { read: 10, staged: 10, quarantined: 0, discarded: 0, reasons: [], tables: [] },
    files: [fileReport(`${name}.csv`)],
    ...{ tables: [], leftOut: [], missing: [], parked: [] },
    ...report,
  };
}

export function fileReport(
  name: string,
  rest: Partial<SourceReport['files'][number]> = {},
): SourceReport['files'][number] {
  return {
    ...{
      name,
      bytes: 100,
      digest: 'ab',
      landing: 'file:///lake/landing/sha256/ab/ab',
      read: 10,
      format: 'csv',
      compression: 'none',
      encoding: 'utf-8',
    },
    ...{ dialect: '', confidence: 1, warnings: [] },
    ...rest,
  };
}

export function column(name: string, type: string, rest: Partial<ColumnReport> = {}): ColumnReport {
  return { name, field: name, type, origin: 'inferred', ruledOut: [], ...rest };
}

async function writeQuarantine(path: string, source: string, rows: readonly Quarantined[]): Promise<void> {
  await withSession(undefined, async (session) => {
    await session.run(`CREATE TABLE q (file VARCHAR, line BIGINT, "offset" BIGINT, "column" VARCHAR, value VARCHAR,
      expected VARCHAR, reason VARCHAR, record VARCHAR, cells VARCHAR, kept BOOLEAN)`);
    for (const row of rows) {
      const { file = `${source}.csv`, line, offset = line * 10, cells = null, kept = false } = row;
      const { column: of = null, value = null, expected = null, reason, record = null } = row;
      await session.run(
        'INSERT INTO q VALUES ($file, $line, $offset, $of, $value, $expected, $reason, $record, $cells, $kept)',
        {
          ...{ file, line: BigInt(line), offset: BigInt(offset), of, value, expected, reason, record, kept },
          cells: cells === null ? null : JSON.stringify(cells),
        },
      );
    }
    await session.run(`COPY q TO ${literal(path)} (FORMAT parquet)`);
  });
}
