import { identifier } from '../../duckdb/identifiers.ts';
import { rowHashes } from '../../duckdb/rows-digest.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { temporary } from '../scratch-names.ts';
import type { Load } from '../staged-load.ts';
import { columnsOf, rowsOf } from './rows-of.ts';
import type { ImageToWrite, Step } from './step.ts';

/** The columns that a table is partitioned by, with their types. */
export function partitionColumns({ table, columns }: Load): ThereColumn[] {
  return (table.partitionBy ?? []).flatMap((name) =>
    columns.filter((column) => column.name === name).map(({ type }) => ({ name, type })),
  );
}

export interface PartitionChanges {
  /** The rows of the partitions that are new or changed. */
  readonly relation: string;
  /** The files of those that are changed or gone. */
  readonly replaced: readonly string[];
}

/** Finds the partitions in which an image differs from the files that it replaces. */
export async function changedPartitions(step: Step, image: ImageToWrite): Promise<PartitionChanges> {
  const { session, load, partitions } = step;
  if (image.replaces.length === 0) return { relation: image.relation, replaced: [] };
  const before = rowsOf(image.replaces, partitions, ', filename = true');
  const there = await columnsOf(session, before);
  const sameColumns = image.columns.every((name) => there.some((column) => column.name === name));
  const changed = temporary('changed partitions', load.table.name);
  const values = partitions.map(({ name }) => identifier(name)).join(', ');
  const same = (left: string, right: string): string =>
    partitions
      .map(({ name }) => `${left}.${identifier(name)} IS NOT DISTINCT FROM ${right}.${identifier(name)}`)
      .join(' AND ');
  const digests = (relation: string): string => {
    const [first, second] = rowHashes(image.columns);
    return `SELECT ${values}, count(*) AS "n", sum(${first}::HUGEINT) AS "a", sum(${second}::HUGEINT) AS "b" FROM ${relation} GROUP BY ALL`;
  };
  await session.run(
    sameColumns
      ? `CREATE OR REPLACE TEMP TABLE ${changed} AS
         SELECT image.* FROM (${digests(image.relation)}) AS image
         WHERE NOT EXISTS (SELECT 1 FROM (${digests(before)}) AS there
           WHERE ${same('there', 'image')} AND there."n" = image."n" AND there."a" = image."a" AND there."b" = image."b")`
      : `CREATE OR REPLACE TEMP TABLE ${changed} AS ${digests(image.relation)}`,
  );
  const rows = await session.rows<{ filename: string }>(
    `SELECT DISTINCT filename FROM ${before} AS there
     WHERE EXISTS (SELECT 1 FROM ${changed} AS changed WHERE ${same('changed', 'there')})
        OR NOT EXISTS (SELECT 1 FROM ${image.relation} AS image WHERE ${same('image', 'there')})`,
  );
  return {
    relation: `(SELECT image.* FROM ${image.relation} AS image SEMI JOIN ${changed} AS changed ON ${same('changed', 'image')})`,
    replaced: rows.map(({ filename }) => filename),
  };
}
