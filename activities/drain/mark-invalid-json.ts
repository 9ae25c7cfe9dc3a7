import type { Session } from '../duckdb/session.ts';
import { jsonProblem } from '../ingest/records/json-problem.ts';

/** Records that are read between two chances for others of this process. */
const PIECE = 1_000;

/**
 * Says of records that no `jsonb` has proven which of them cannot be taken for JSON: in a new column `unreadable`, the reason.
 * Strictly: what DuckDB takes besides (`NaN`, a comma too many) is none, and what it ends at is never shown to it.
 */
export async function markInvalidJson(session: Session, table: string): Promise<void> {
  await session.run(`ALTER TABLE ${table} ADD COLUMN unreadable VARCHAR`);
  const found = await session.connection.runAndReadAll(`SELECT rowid, record FROM ${table} WHERE record IS NOT NULL`);
  if (found.currentRowCount === 0) return;
  const [places, records] = found.getColumns() as [bigint[], string[]];
  const refused = new Map<string, bigint[]>();
  for (const [index, record] of records.entries()) {
    const problem = jsonProblem(record);
    if (problem !== undefined) addTo(refused, problem, places[index]!);
    if (index % PIECE === PIECE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const [problem, ids] of refused)
    await session.run(`UPDATE ${table} SET unreadable = $problem WHERE rowid IN (${ids.join(', ')})`, { problem });
}

function addTo(lists: Map<string, bigint[]>, name: string, entry: bigint): void {
  const list = lists.get(name);
  if (list) list.push(entry);
  else lists.set(name, [entry]);
}
