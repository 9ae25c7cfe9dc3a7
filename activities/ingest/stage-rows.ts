import { basename, join } from 'node:path';
import type { SourcePlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Lake } from '../lake/lake.ts';
import type { Progress, Work } from '../progress.ts';
import { readCanonical } from './canonical-sql.ts';
import { decodeSql } from './canonical.ts';
import { fetchRecords } from './quarantine.ts';
import type { SplitSummary } from './split-job.ts';
import type { StagedCounts, StagedKeys } from './staged-files.ts';
import type { TypedRows } from './typed-rows.ts';

export interface SplitFile {
  readonly source: SourcePlan;
  readonly rows: TypedRows;
  /** The landed bytes. */
  readonly landedPath: string;
  /** The tokenizer's two files, and what it counted. */
  readonly goodPath: string;
  readonly brokenPath: string;
  readonly summary: SplitSummary;
  /** A folder of our own for what is needed on the way. */
  readonly folder: string;
}

/**
 * Casts what the tokenizer read, takes out what does not fit or repeats a key, and puts both into the lake.
 * Errors: `ReadersDisagree`, `NotAccounted`.
 */
export async function stageRows(file: SplitFile, lake: Lake, keys: StagedKeys, work: Work): Promise<StagedCounts> {
  const { source, rows, summary, folder } = file;
  return withSession(work.signal, async (session) => {
    const typed = join(folder, 'typed.parquet');
    await whileTelling(work, { step: 'casting', rows: summary.records }, () => castAll(session, file, typed));
    await session.run(`CREATE VIEW typed AS SELECT * FROM read_parquet(${literal(typed)})`);
    await expectAgreement(session, file);
    await collectRejected(session, rows, source);

    return whileTelling(work, { step: 'writing', rows: summary.records }, async () => {
      const doubled = await session.count('SELECT count(*) FROM rejected WHERE doubled');
      // The filter alone keeps the file's order; a join might not.
      const kept = `SELECT ${rows.staged} FROM typed WHERE failed IS NULL`;
      const staged =
        doubled === 0 ? kept : `${kept} AND line NOT IN (SELECT line FROM rejected WHERE doubled) ORDER BY line`;
      const staging = await lake.write(keys.staging, (path) => session.run(toParquet(staged, path)));
      await collectQuarantine(session, file, work.signal);
      const quarantine = await lake.write(keys.quarantine, (path) =>
        session.run(toParquet('SELECT * FROM quarantine ORDER BY line', path)),
      );
      const countOf = (uri: string): Promise<number> =>
        session.count(`SELECT count(*) FROM read_parquet(${literal(lake.readable(uri))})`);
      const counts = { read: summary.records, staged: await countOf(staging), quarantined: await countOf(quarantine) };
      expectAccounted(source, counts);
      const reasons = await session.rows<{ reason: string; rows: string }>(
        'SELECT reason, count(*) AS "rows" FROM quarantine GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 20',
      );
      return { ...counts, reasons: reasons.map(({ reason, rows }) => ({ reason, rows: Number(rows) })) };
    });
  });
}

async function castAll(session: Session, { source, rows, goodPath, summary }: SplitFile, to: string): Promise<void> {
  try {
    await session.run(
      `COPY (${rows.select(goodPath, summary)}) TO ${literal(to)} (FORMAT parquet, COMPRESSION snappy)`,
    );
  } catch (error) {
    if (!(error instanceof Error) || !/CSV Error|CSV options/.test(error.message)) throw error;
    throw disagreement(source, `DuckDB stopped: ${error.message.split('\n')[0] ?? ''}`, error);
  }
}

/** The second reader: as many records as the tokenizer saw, and in each the cells that it saw. */
async function expectAgreement(session: Session, { source, summary }: SplitFile): Promise<void> {
  const [seen] = await session.rows<{ records: string; line: string | null }>(
    'SELECT count(*) AS records, min(line) FILTER (WHERE agrees IS DISTINCT FROM true) AS line FROM typed',
  );
  if (seen?.line != null)
    throw disagreement(source, `They see other cells on line ${seen.line}.`, undefined, seen.line);
  const records = Number(seen?.records ?? 0);
  if (records !== summary.good) {
    throw disagreement(source, `The tokenizer counts ${summary.good} good records, DuckDB ${records}.`);
  }
}

/** Table `rejected`: what does not fit its column, then what repeats the key of an earlier good row. */
async function collectRejected(session: Session, rows: TypedRows, source: SourcePlan): Promise<void> {
  await session.run(`CREATE TABLE rejected AS
    SELECT line, byte_offset, length, ${rows.failedColumn} AS "column", value, ${rows.failedExpected} AS expected,
      reason, false AS doubled
    FROM typed WHERE failed IS NOT NULL`);
  if (rows.key.length === 0) return;
  const key = rows.key.join(', ');
  const names = source.key.join(', ');
  const present = `failed IS NULL AND ${rows.key.map((column) => `${column} IS NOT NULL`).join(' AND ')}`;
  await session.run(`INSERT INTO rejected
    SELECT line, byte_offset, length, ${literal(names)}, concat_ws(', ', ${key}), 'first seen on line ' || first_line,
      ${literal(`duplicate ${names}`)}, true
    FROM typed JOIN (
      SELECT ${key}, min(line) AS first_line FROM typed WHERE ${present} GROUP BY ${key} HAVING count(*) > 1
    ) USING (${key})
    WHERE ${present} AND line > first_line`);
}

/** Table `quarantine`: broken and rejected records, each with its text as it stands in the file. */
async function collectQuarantine(session: Session, file: SplitFile, signal: AbortSignal): Promise<void> {
  const records = join(file.folder, 'records.csv');
  const longestRow = await fetchRecords(session, file.landedPath, records, signal);
  const read = readCanonical(
    records,
    [
      ['line', 'BIGINT'],
      ['record', 'VARCHAR'],
    ],
    { longestRow },
  );
  const broken = readCanonical(
    file.brokenPath,
    [
      ['line', 'BIGINT'],
      ['byte_offset', 'BIGINT'],
      ['reason', 'VARCHAR'],
      ['record', 'VARCHAR'],
    ],
    { longestRow: file.summary.longestRow },
  );
  const name = literal(basename(file.source.path));
  await session.run(`CREATE TABLE quarantine AS
    SELECT ${name} AS file, line, byte_offset AS ${identifier('offset')}, "column", value, expected, reason,
      ${decodeSql('record')} AS record
    FROM rejected JOIN ${read} USING (line)
    UNION ALL
    SELECT ${name}, line, byte_offset, NULL, NULL, NULL, reason, ${decodeSql('record')} FROM ${broken}`);
}

function expectAccounted(source: SourcePlan, counts: Omit<StagedCounts, 'reasons'>): void {
  if (counts.staged + counts.quarantined === counts.read) return;
  throw new AcequiaError('NotAccounted', {
    what: `${counts.read} rows were read, but ${counts.staged} are staged and ${counts.quarantined} quarantined.`,
    where: source.path,
    why: 'Every row must end in exactly one of the two. This is a fault of Acequia, not of the file.',
    remedy: 'report it with the file; nothing was published',
  });
}

function disagreement(source: SourcePlan, why: string, cause?: unknown, line?: string): AcequiaError {
  return new AcequiaError('ReadersDisagree', {
    what: 'Two independent readers do not see the same rows in this file.',
    where: line === undefined ? source.path : `${source.path}:${line}`,
    why,
    remedy: 'report it with the file: this is a fault of Acequia or DuckDB. Nothing was loaded',
    cause,
  });
}

function toParquet(select: string, path: string): string {
  return `COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`;
}

/** Says every second that the step goes on: a silent activity would be taken for dead. */
async function whileTelling<Result>(work: Work, progress: Progress, run: () => Promise<Result>): Promise<Result> {
  work.signal.throwIfAborted();
  work.report(progress);
  const timer = setInterval(() => work.report(progress), 1_000);
  try {
    return await run();
  } finally {
    clearInterval(timer);
  }
}
