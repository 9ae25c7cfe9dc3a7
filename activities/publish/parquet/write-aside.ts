import { flush } from '../../lake/flush.ts';
import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RunIdentity } from '../../../workflows/stages.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { LEDGER, type ParquetEntry } from './ledger.ts';

/** A file that is written whole, under a name that no reader of `*.parquet` sees. */
export interface Aside {
  readonly path: string;
  readonly target: string;
}

/**
 * The name beside the target. What an earlier attempt of the same workflow left there is removed: one run of a
 * workflow is open at a time, and an attempt that was given up fails when it wants to rename its file.
 */
export async function asideOf(target: string, run: RunIdentity): Promise<Aside> {
  const workflow = createHash('sha256').update(`${run.environment} ${run.workflowId}`).digest('hex').slice(0, 12);
  const prefix = `.${basename(target)}.${workflow}.`;
  const folder = dirname(target);
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefix) && name.endsWith('.part'));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  return { path: join(folder, `${prefix}${randomUUID()}.part`), target };
}

/** Writes the rows of a query as Parquet, its ledger in the file's own metadata. */
export async function writeAside(
  session: Session,
  query: string,
  { path }: Aside,
  ledger: readonly ParquetEntry[],
): Promise<void> {
  const metadata = `KV_METADATA {${LEDGER}: ${literal(JSON.stringify(ledger))}}`;
  await session.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ${metadata})`);
  await flush(path);
}

/** Puts the file in its place: whoever opens it there has all of the old or all of the new. */
export async function putInPlace({ path, target }: Aside): Promise<void> {
  await rename(path, target);
  await flush(dirname(target));
}

export async function discard({ path }: Aside): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}
