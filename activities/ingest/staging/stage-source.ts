import { withSession, type Session } from '../../duckdb/session.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Lake } from '../../lake/lake.ts';
import type { Work } from '../../progress.ts';
import type { WiderColumn } from '../contract/settle.ts';
import { castLater } from '../contract/settled.ts';
import { judgeRows, type JudgedTable } from './judge-rows.ts';
import { dropOutdated } from './keep-latest.ts';
import { collectQuarantine } from './quarantine.ts';
import type { ReadSource } from './read-source.ts';
import { isAnyOut, refusedFiles, rejectDoubles, rejectMisfits, type RefusedRows } from './rejected.ts';
import { putRows } from './put-rows.ts';
import type { StagedCounts, StagedKeys } from './staged-files.ts';
import { whileTelling } from './while-telling.ts';

/**
 * Judges what the readers read, takes out what does not fit or repeats a key, and puts both into the lake. Rows that the
 * readers took as good go over as they are where nothing remains to be done with them.
 *
 * Returns columns that must become wider first, where the contract evolves, or files that it refuses, where it freezes:
 * then nothing was put. Errors: `ReadersDisagree`, `NotAccounted`.
 */
export async function stageSource(
  read: ReadSource,
  lake: Lake,
  keys: StagedKeys,
  work: Work,
): Promise<StagedCounts | { readonly wider: readonly WiderColumn[] } | { readonly refused: readonly RefusedRows[] }> {
  const records = sum(read.files.map(({ summary }) => summary.records));
  return withSession(work.signal, async (session) => {
    const tables = await whileTelling(work, { step: 'casting', rows: records }, () => judgeRows(session, read));
    await expectAllThere(session, read, tables);
    const wider = await columnsToWiden(session, read);
    if (wider.length > 0) return { wider };
    const refused = await refusedFiles(session, read.source);
    if (refused.length > 0) return { refused };
    await rejectMisfits(session, read.source);
    await takeOneOfEachKey(session, read, tables);
    return whileTelling(work, { step: 'writing', rows: records }, () =>
      putAll(session, read, tables, lake, keys, work.signal),
    );
  });
}

/** Of good records with the same key one remains: the latest where an order is declared, else the first in the files. */
async function takeOneOfEachKey(
  session: Session,
  { settled, source }: ReadSource,
  [records]: readonly JudgedTable[],
): Promise<void> {
  const { key } = settled;
  if (!records || key.length === 0) return;
  const latest = source.keepLatestBy;
  if (latest === undefined) return rejectDoubles(session, records, key);
  const columns = settled.tables[0].columns.map(({ name }) => name);
  return dropOutdated(session, records, { key, latest, columns });
}

async function putAll(
  session: Session,
  read: ReadSource,
  tables: readonly JudgedTable[],
  lake: Lake,
  keys: StagedKeys,
  signal: AbortSignal,
): Promise<StagedCounts> {
  const rejected = await session.count('SELECT count(*) FROM rejected');
  const outdated = await session.count('SELECT count(*) FROM outdated');
  const doubled = outdated + (await session.count('SELECT count(*) FROM rejected WHERE doubled'));
  const suspects = tables[0]?.suspect ? await session.count(`SELECT count(*) FROM ${tables[0].suspect}`) : 0;
  const withSuspects = suspects > rejected;
  // A copy's tables look as its files do; models know no order.
  const inOrder = read.source.columnOrder === 'files';
  // Good rows that need no cast can only be taken out as doubles.
  const asRead =
    tables.every(({ typed }) => !typed.castsGood) && doubled === 0 && isUniform(read) && !(inOrder && withSuspects);
  await collectQuarantine(session, read, tables, signal);
  const quarantine = await lake.write(keys.quarantine, (path) =>
    session.run(
      `COPY (SELECT * FROM quarantine ORDER BY file, line, "offset") TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    ),
  );
  // Last, as row files of readers may be moved away.
  const staged: StagedCounts['tables'][number][] = [];
  const put = { asRead, withSuspects, anyOut: await isAnyOut(session), reorder: doubled > 0 || withSuspects };
  for (const table of tables) staged.push(await putRows(session, lake, keys, table, put));
  const stored = `read_parquet(${literal(await lake.local(quarantine))})`;
  const counts = {
    read: sum(read.files.map(({ summary }) => summary.records)),
    staged: staged[0]?.rows ?? 0,
    quarantined: await session.count(`SELECT count(*) FROM ${stored} WHERE NOT kept`),
    ...(read.source.keepLatestBy ? { deduplicated: outdated } : {}),
    discarded: await session.count(`SELECT count(*) FROM ${stored} WHERE kept`),
    tables: staged,
  };
  expectAccounted(read, counts);
  const reasons = await session.rows<{ reason: string; rows: string }>(
    `SELECT regexp_replace(reason, ' \\(byte [0-9]+ of the record\\)$', '') AS reason, count(*) AS "rows"
      FROM quarantine WHERE NOT kept GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20`,
  );
  return { ...counts, reasons: reasons.map(({ reason, rows }) => ({ reason, rows: Number(rows) })) };
}

/** Whether every file was read into all columns, in their order. */
function isUniform({ settled, files }: ReadSource): boolean {
  const names = (columns: readonly { readonly name: string }[]): string => columns.map(({ name }) => name).join('\n');
  return files.every(({ layout }) =>
    settled.tables.every(({ columns }, index) => names(columns) === names(layout.tables[index]?.columns ?? [])),
  );
}

/** DuckDB reads as many rows out of the row files as the readers put in. */
async function expectAllThere(session: Session, read: ReadSource, tables: readonly JudgedTable[]): Promise<void> {
  for (const [index, table] of tables.entries()) {
    for (const kind of ['good', 'suspect'] as const) {
      const wrote = sum(read.files.map(({ summary }) => summary.tables[index]?.[kind]?.rows ?? 0));
      const relation = table[kind];
      const found = relation ? await session.count(`SELECT count(*) FROM ${relation}`) : 0;
      if (wrote === found) continue;
      throw new AcequiaError('ReadersDisagree', {
        what: `${wrote} rows of ${table.name} were read, and DuckDB finds ${found} of them.`,
        where: read.source.path,
        remedy: 'report it with the file: this is a fault of Acequia or DuckDB. Nothing was loaded',
      });
    }
  }
}

/** Columns that are cast late show their misfits only here, and all columns the blanks where a value is required. A key never takes any. */
async function columnsToWiden(session: Session, { settled }: ReadSource): Promise<WiderColumn[]> {
  const found = await session.rows<{ table_number: number; column_number: number; blank: boolean }>(
    'SELECT DISTINCT table_number, column_number, blank FROM misfits WHERE NOT whole',
  );
  return found.flatMap(({ table_number: table, column_number: number, blank }): WiderColumn[] => {
    const list = settled.tables[table]?.list;
    const column = settled.tables[table]?.columns[number];
    if (list === undefined || !column?.evolves) return [];
    const widens = blank ? !column.isKey : castLater(column);
    return widens ? [{ list, name: column.name, takes: blank ? 'blank' : 'value' }] : [];
  });
}

function expectAccounted(
  { source }: ReadSource,
  {
    read,
    staged,
    quarantined,
    deduplicated = 0,
  }: Pick<StagedCounts, 'read' | 'staged' | 'quarantined' | 'deduplicated'>,
): void {
  if (staged + quarantined + deduplicated === read) return;
  throw new AcequiaError('NotAccounted', {
    what: `${read} rows were read, but ${staged} are staged, ${quarantined} quarantined and ${deduplicated} deduplicated.`,
    where: source.path,
    why: 'Every row must end in exactly one of them. This is a fault of Acequia, not of the file.',
    remedy: 'report it with the file; nothing was published',
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
