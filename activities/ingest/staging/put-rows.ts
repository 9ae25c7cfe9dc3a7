import { copyFile, rename } from 'node:fs/promises';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { Lake } from '../../lake/lake.ts';
import type { LakeUri, StagedTable } from '../../../workflows/stages.ts';
import type { JudgedTable } from './judge-rows.ts';
import { IDENTITY, keptOf, keptRows } from './rejected.ts';
import { partKey, type StagedKeys } from './staged-files.ts';

/** More files than this become one: many small ones are slow to read. */
const MOST_PARTS = 8;

/** What of the rows of a source is staged, and how. */
export interface Put {
  /** Whether all good rows are staged: then the files of the readers go over as they are. */
  readonly asRead: boolean;
  /** Whether some suspects are staged. */
  readonly withSuspects: boolean;
  /** Whether some records are taken out. */
  readonly anyOut: boolean;
  /** Whether rows that are written are to be put in the files' order. */
  readonly reorder: boolean;
}

/** Puts the rows of one table into the lake: files of readers as they are, and what SQL makes of the others. */
export async function putRows(
  session: Session,
  lake: Lake,
  keys: StagedKeys,
  table: JudgedTable,
  { asRead, withSuspects, anyOut, reorder }: Put,
): Promise<StagedTable> {
  const { name, typed, goodFiles, suspect } = table;
  const areMoved = asRead && goodFiles.length > 0 && goodFiles.length <= MOST_PARTS;
  const others = areMoved ? (withSuspects && suspect ? keptOf([suspect], anyOut) : undefined) : keptRows(table, anyOut);
  const moved = areMoved ? goodFiles : [];
  const uris: LakeUri[] = [];
  for (const [part, file] of moved.entries()) {
    uris.push(await lake.write(partKey(keys, name, part), (path) => moveFile(file, path)));
  }
  if (others !== undefined) {
    const order = reorder ? ` ORDER BY ${IDENTITY}${typed.isList ? ', _position' : ''}` : '';
    const rows = `SELECT ${typed.staged} FROM (${others})${order}`;
    const copy = (path: string): Promise<void> =>
      session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    uris.push(await lake.write(partKey(keys, name, moved.length), copy));
  }
  const files = await Promise.all(uris.map((uri) => lake.local(uri)));
  const rows = await session.count(`SELECT count(*) FROM read_parquet([${files.map(literal).join(', ')}])`);
  // Rows of a list are named by their table too.
  return { name, rows, uris, identity: `${keys.identity}/${name}` };
}

/** The scratch folder may lie on another disk than the lake. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, to);
  }
}
