import type { Receipt, ReceiptTable } from '../../workflows/receipt.ts';
import type { RunDifference, TableChanges, TableDifference } from '../../workflows/difference.ts';
import type { ComparedTable, CompareRequest, Comparison, LakeUri } from '../../workflows/stages.ts';
import { withSession } from '../duckdb/session.ts';
import { openLake, type Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { compareTable } from './compare-table.ts';

/** The part of a receipt that is compared with. */
type PastReceipt = Pick<Receipt, 'run' | 'sources' | 'tables'>;

/**
 * Holds what today's definition makes of a run's input against what that run has published, table by table, and writes down
 * where they part. Memory is bounded: DuckDB spills to disk.
 *
 * Safe to run twice: the same two runs give the same difference under the same key.
 */
export async function compareRuns(request: CompareRequest, work: Work): Promise<Comparison> {
  const { run, asOf, examples } = request;
  const lake = openLake(request.lake);
  const past = JSON.parse(await lake.readText(request.receipt)) as PastReceipt;
  const published = publishedThen(past);
  const tables: TableDifference[] = [];
  for (const name of new Set([...request.tables.map((table) => table.name), ...published.keys()])) {
    work.report({ step: `comparing ${name}`, rows: tables.reduce((sum, table) => sum + rowsOf(table), 0) });
    const now = request.tables.find((table) => table.name === name);
    tables.push(await compareOne(lake, name, published.get(name)?.stored, now, examples, work));
  }
  const difference: RunDifference = {
    version: 1,
    then: { runId: past.run.runId, startedAt: past.run.startedAt, asOf: past.run.asOf },
    now: { runId: run.runId, startedAt: run.startedAt, asOf },
    tables,
    unread: past.sources.flatMap(({ name, error }) => (error ? [name] : [])),
  };
  const key = `reports/${run.pipeline}/${run.runId}/difference.json`;
  const uri = await lake.writeText(key, `${JSON.stringify(difference, null, 2)}\n`);
  return { difference: uri, tables: tables.map(changesOf) };
}

/** Each table once, however many destinations got it. */
function publishedThen({ tables }: PastReceipt): ReadonlyMap<string, ReceiptTable> {
  return new Map(tables.flatMap((table) => (table.destination === null ? [] : [[table.name, table] as const])));
}

async function compareOne(
  lake: Lake,
  name: string,
  then: readonly LakeUri[] | undefined,
  now: ComparedTable | undefined,
  examples: number,
  work: Work,
): Promise<TableDifference> {
  const paths = (uris: readonly LakeUri[] = []): Promise<string[]> => Promise.all(uris.map((uri) => lake.local(uri)));
  return withSession(work.signal, async (session) =>
    compareTable(session, {
      name,
      then: await paths(then),
      now: await paths(now?.uris),
      key: now?.key ?? [],
      // Tables of sources are published without; one that only was published then shows nothing but its number of rows.
      withoutPlace: now?.from === 'source',
      examples,
    }),
  );
}

function rowsOf({ added, removed, changed, unchanged }: TableChanges): number {
  return added + removed + changed + unchanged;
}

function changesOf({ name, added, removed, changed, unchanged, structure }: TableDifference): TableChanges {
  return { name, added, removed, changed, unchanged, structure };
}
