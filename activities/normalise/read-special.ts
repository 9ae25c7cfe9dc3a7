import type { EmbeddedRule } from '../../workflows/definition/index.ts';
import { literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { INEXACT_NUMBER } from './numbers-as-text.ts';
import { readRecord } from './read-record.ts';

/** Records that are read between two chances for others of this process. */
const PIECE = 2_000;

/**
 * Reads by our own code what DuckDB's functions of JSON would round, and what is embedded as text: into a table of
 * `place` (the row's id in `batch`), `special_values`, `special_structure`, or `problem`: why it cannot be read; whoever filled `batch`
 * may have said that already, in a column `unreadable`.
 */
export async function readSpecial(
  session: Session,
  batch: string,
  special: string,
  rules: readonly EmbeddedRule[],
): Promise<void> {
  await session.run(
    `CREATE TABLE ${special} (place BIGINT, special_values VARCHAR, special_structure VARCHAR, problem VARCHAR)`,
  );
  await session.run(`ALTER TABLE ${batch} ADD COLUMN IF NOT EXISTS unreadable VARCHAR`);
  await session.run(
    `INSERT INTO ${special} SELECT rowid, NULL, NULL, unreadable FROM ${batch} WHERE unreadable IS NOT NULL`,
  );
  const isSpecial = [`regexp_matches(record, ${literal(INEXACT_NUMBER)})`, MAY_BE_DEEP, ...rules.map(mayHold)].join(
    ' OR ',
  );
  const found = await session.connection.runAndReadAll(
    `SELECT rowid, record FROM ${batch} WHERE unreadable IS NULL AND (${isSpecial})`,
  );
  if (found.currentRowCount === 0) return;
  const [places, records] = found.getColumns() as [bigint[], string[]];
  const appender = await session.connection.createAppender(special);
  for (const [index, place] of places.entries()) {
    const read = readRecord(records[index]!, rules);
    const texts = typeof read === 'string' ? [null, null, read] : [read.values, read.structure, null];
    appender.appendBigInt(place);
    for (const text of texts) {
      if (text === null) appender.appendNull();
      else appender.appendVarchar(text);
    }
    appender.endRow();
    if (index % PIECE === PIECE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  appender.closeSync();
}

/** SQL: whether a record has so many brackets that they may be nested more deeply than DuckDB bears. */
const MAY_BE_DEEP = `CASE WHEN strlen(record) > 4000
  THEN length(record) - length(replace(replace(record, '{', ''), '[', '')) > 1000 ELSE false END`;

/** SQL: whether a record may have such a text; cheap, and true too often rather than not often enough. */
function mayHold({ at, when = {} }: EmbeddedRule): string {
  if (at === '') return `starts_with(ltrim(record), '"')`;
  // Of what JSON may write in several ways nothing can be told from here.
  const texts = Object.values(when).filter((text) => /^[\w -]+$/.test(text));
  return `(${[at, ...texts].map((text) => `contains(record, ${literal(text)})`).join(' AND ')})`;
}
