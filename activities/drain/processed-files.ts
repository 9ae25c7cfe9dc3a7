import type { TargetPlan } from '../../workflows/definition/index.ts';
import type { FailedSource } from '../../workflows/stages.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { AcequiaError } from '../failure/acequia-error.ts';
import { maskSecrets } from '../failure/mask.ts';
import { arrayLiteral, ask, execute } from './postgres.ts';
import { SINK_TABLES } from './sink-tables.ts';

/** An object in one of its versions. */
export interface ObjectVersion {
  /** `s3://bucket/key`. */
  readonly url: string;
  readonly version: string;
  readonly bytes: number;
}

/** How the reading of an object has ended. */
export interface FileEnd {
  readonly object: ObjectVersion;
  /** How many were read. */
  readonly records: number;
  readonly error?: AcequiaError;
}

const MOST_NAMED = 20;

/** The table of objects that were begun, done or failed, in the sink. `key` is the whole URL: there may be several buckets. */
export class ProcessedFiles {
  readonly #table: string;

  constructor({ schema }: Pick<TargetPlan, 'schema'>) {
    this.#table = `${identifier(schema)}.${identifier(SINK_TABLES.files)}`;
  }

  /** Those that are not done, nor have failed since `since` (an ISO instant). */
  async waiting<O extends ObjectVersion>(session: Session, objects: readonly O[], since: string): Promise<O[]> {
    const urls = arrayLiteral(objects.map(({ url }) => url));
    const over = await ask<{ key: string; etag: string }>(
      session,
      'sink',
      `SELECT key, etag FROM ${this.#table}
        WHERE key = ANY (${urls}::text[]) AND (status = 'done' OR status = 'failed' AND completed >= ${literal(since)}::timestamptz)`,
    );
    const known = new Set(over.map(({ key, etag }) => `${etag} ${key}`));
    return objects.filter(({ url, version }) => !known.has(`${version} ${url}`));
  }

  start(session: Session, { url, version, bytes }: ObjectVersion): Promise<void> {
    return execute(
      session,
      'sink',
      `INSERT INTO ${this.#table} (key, etag, size, status, started)
       VALUES (${literal(url)}, ${literal(version)}, ${bytes}, 'started', clock_timestamp())
       ON CONFLICT (key, etag) DO UPDATE SET status = 'started', records = NULL, error = NULL, started = excluded.started, completed = NULL`,
    );
  }

  /** Part of the session's transaction, where there is one. */
  async end(session: Session, ends: readonly FileEnd[]): Promise<void> {
    for (const { object, records, error } of ends)
      await execute(
        session,
        'sink',
        `UPDATE ${this.#table} SET status = ${literal(error ? 'failed' : 'done')}, records = ${records},
           error = ${error ? literal(`${error.type}: ${maskSecrets(error.message)}`) : 'NULL'}, completed = clock_timestamp()
         WHERE key = ${literal(object.url)} AND etag = ${literal(object.version)}`,
      );
  }

  /**
   * What has become of objects below a URL since an instant. One that has failed counts no more once it is done in another version.
   */
  async tally(
    session: Session,
    root: string,
    since: string,
  ): Promise<{ readonly files: number; readonly failedFiles: readonly FailedSource[] }> {
    const of = `starts_with(f.key, ${literal(root)}) AND f.completed >= ${literal(since)}::timestamptz`;
    const [done] = await ask<{ files: string }>(
      session,
      'sink',
      `SELECT count(*)::text AS files FROM ${this.#table} AS f WHERE ${of} AND f.status = 'done'`,
    );
    const failed = await ask<{ key: string; error: string }>(
      session,
      'sink',
      `SELECT f.key, f.error FROM ${this.#table} AS f WHERE ${of} AND f.status = 'failed' AND NOT EXISTS (
         SELECT FROM ${this.#table} AS later WHERE later.key = f.key AND later.status = 'done' AND later.started > f.started)
       ORDER BY f.key LIMIT ${MOST_NAMED}`,
    );
    return { files: Number(done?.files ?? 0), failedFiles: failed.map(failedFile) };
  }
}

function failedFile({ key, error }: { readonly key: string; readonly error: string }): FailedSource {
  const [, type = 'SourceUnreadable', message = error] = /^(\w+): (.*)$/s.exec(error) ?? [];
  return { name: key, error: { type, message, stage: 'drain' } };
}
