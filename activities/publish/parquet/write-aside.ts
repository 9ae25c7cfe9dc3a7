import { createHash, randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunIdentity } from '../../../workflows/stages.ts';
import { identifiers, literal } from '../../duckdb/identifiers.ts';
import { flush } from '../../files/flush.ts';
import type { Commit } from './commit.ts';
import { LEDGER } from './ledger.ts';
import { changedPartitions } from './partitions.ts';
import type { ImageToWrite, Step } from './step.ts';

/** Ending of a file that is not in its place yet: a reader of `**` + `/*.parquet` also looks into hidden folders. */
const PART = 'part';

/** Files that are written whole, under names that no reader of `*.parquet` sees. */
export interface Aside extends Commit {
  /** The file, or the folder of files by partition. */
  readonly path: string;
  /** The rows that are written, as SQL reads them from where they come. */
  readonly relation: string;
}

/**
 * Removes what an earlier attempt of the same workflow has left beside the target: one run of a workflow is open at a time,
 * and an attempt that was given up fails when it wants to rename its files.
 */
export async function removeAsides(step: Step): Promise<void> {
  const { folder } = step.layout;
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefixOf(step)) && name.endsWith(`.${PART}`));
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** A new name beside the target. */
export function asidePath(step: Step): string {
  return join(step.layout.folder, `${prefixOf(step)}${randomUUID()}.${PART}`);
}

/** Where every load has a file of its own, that of another load may have been left there, too. */
function prefixOf({ request, load, layout }: Step): string {
  return `.${layout.perLoad ? load.table.name : layout.stem}.${workflowOf(request.run)}.`;
}

/** Writes the rows of a table aside, their ledger in the files' own metadata. */
export async function writeAside(step: Step, path: string, image: ImageToWrite): Promise<Aside> {
  return step.partitions.length > 0 ? writePartitions(step, path, image) : writeFile(step, path, image);
}

async function writeFile({ session, layout }: Step, path: string, image: ImageToWrite): Promise<Aside> {
  await session.run(`COPY (SELECT * FROM ${image.rows}) TO ${literal(path)} (${formatOf(image)})`);
  await flush(path);
  const to = join(layout.folder, `${layout.stem}.parquet`);
  return { path, relation: image.relation, moves: [{ from: path, to }], removes: [], inOneStep: true };
}

/** A partition whose rows are the same stays as it is. */
async function writePartitions(step: Step, path: string, image: ImageToWrite): Promise<Aside> {
  const { session, layout, partitions } = step;
  const { relation, replaced } = await changedPartitions(step, image);
  const by = identifiers(partitions.map(({ name }) => name));
  await session.run(
    `COPY (SELECT * FROM ${relation}) TO ${literal(path)} (${formatOf(image)}, PARTITION_BY (${by}), FILE_EXTENSION '${PART}', OVERWRITE_OR_IGNORE)`,
  );
  const moves = (await filesBelow(path)).map((from) => ({ from, to: placeOf(from, path, layout) }));
  for (const { from } of moves) await flush(from);
  const targets = moves.map(({ to }) => to);
  return { path, relation, moves, removes: replaced.filter((file) => !targets.includes(file)), inOneStep: false };
}

/** DuckDB numbers the files of a partition: `data_0.part`. */
function placeOf(file: string, aside: string, { folder, stem }: Step['layout']): string {
  const number = /_(\d+)\.\w+$/.exec(file)?.[1] ?? '0';
  const name = number === '0' ? `${stem}.parquet` : `${stem}_${number}.parquet`;
  return join(folder, dirname(file).slice(aside.length), name);
}

function formatOf({ ledger }: ImageToWrite): string {
  return `FORMAT parquet, COMPRESSION zstd, KV_METADATA {${LEDGER}: ${literal(JSON.stringify(ledger))}}`;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(`.${PART}`))
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** Whose files those aside are. */
export function workflowOf({ environment, workflowId }: RunIdentity): string {
  return createHash('sha256').update(`${environment} ${workflowId}`).digest('hex').slice(0, 12);
}

export async function discard({ path }: Pick<Aside, 'path'>): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
