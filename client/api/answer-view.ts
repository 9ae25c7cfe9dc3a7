import { stat } from 'node:fs/promises';
import { literal } from '../../activities/duckdb/identifiers.ts';
import type { Session } from '../../activities/duckdb/session.ts';
import type { DeclaredView } from './declared-views.ts';
import { jsonRows, type JsonRow, type JsonValue } from './json-rows.ts';
import { ViewError } from './view-error.ts';

/** What a view answers: rows as objects, or one object made of the first two columns. */
export type ViewAnswer = JsonRow[] | Record<string, JsonValue>;

/**
 * Asks the published database. It is opened for this one question, so that the answer is always that of the last publish,
 * whether the file was changed in place or replaced.
 */
export async function answerView(session: Session, view: DeclaredView): Promise<ViewAnswer> {
  await requireFile(view);
  try {
    await session.run(`ATTACH ${literal(view.database)} AS published (TYPE sqlite, READ_ONLY)`);
  } catch (cause) {
    throw databaseError(view, cause);
  }
  try {
    await session.run('USE published');
    const rows = jsonRows(await session.connection.runAndReadAll(view.sql));
    return view.as === 'object' ? pairs(rows) : rows;
  } catch (cause) {
    throw databaseError(view, cause);
  } finally {
    await session.run('USE memory');
    await session.run('DETACH published');
  }
}

async function requireFile({ database, pipeline }: DeclaredView): Promise<void> {
  const found = await stat(database).catch(() => undefined);
  if (found?.isFile()) return;
  throw new ViewError(
    'DatabaseMissing',
    `${found ? 'No regular file' : 'No published database'} at ${database}. To publish one: npm run start-workflow ${pipeline}`,
  );
}

function databaseError({ database, name }: DeclaredView, cause: unknown): ViewError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  if (/database is locked|database table is locked|busy/i.test(reason)) {
    return new ViewError('DatabaseBusy', `${database} is being written; ask again in a moment.`, { cause });
  }
  if (/not a database|malformed|unable to open|disk i\/o|corrupt/i.test(reason)) {
    return new ViewError('DatabaseUnreadable', `${database} cannot be read: ${reason}`, { cause });
  }
  return new ViewError('QueryFailed', `The view ${name} cannot be answered from ${database}: ${reason}`, { cause });
}

function pairs(rows: readonly JsonRow[]): Record<string, JsonValue> {
  return Object.fromEntries(
    rows.map((row) => {
      const [key, value] = Object.values(row);
      return [typeof key === 'string' ? key : JSON.stringify(key ?? null), value ?? null];
    }),
  );
}
