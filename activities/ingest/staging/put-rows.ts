import { copyFile, rename } from 'node:fs/promises';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { Lake } from '../../lake/lake.ts';
import type { LakeUri, StagedTable } from '../../../workflows/stages.ts';
import type { JudgedTable } from './judge-rows.ts';
import { IDENTITY } from './rejected.ts';
import { partKey, type StagedKeys } from './staged-files.ts';

/** More files than this become one: many small ones are slow to read. */
const MOST_PARTS = 8;

export interface Put {
  /** SQL of the rows to stage; absent: all good rows, as the readers wrote them. */
  readonly kept: string | undefined;
  /** Whether those rows are out of the files' order. */
  readonly reorder: boolean;
}

/** Puts the rows of one table into the lake: files of readers as they are, or what SQL makes of them. */
export async function putRows(
  session: Session,
  lake: Lake,
  keys: StagedKeys,
  { name, typed, goodFiles, good }: JudgedTable,
  { kept, reorder }: Put,
): Promise<StagedTable> {
  // Rows of a list are named by their table too.
  const identity = `${keys.identity}/${name}`;
  const count = async (uris: readonly LakeUri[]): Promise<number> =>
    session.count(`SELECT count(*) FROM read_parquet([${uris.map((uri) => literal(lake.readable(uri))).join(', ')}])`);
  const written = async (rows: string): Promise<LakeUri[]> => {
    const copy = (path: string): Promise<void> =>
      session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
    return [await lake.write(partKey(keys, name, 0), copy)];
  };
  if (kept === undefined && goodFiles.length > 0 && goodFiles.length <= MOST_PARTS) {
    const uris: LakeUri[] = [];
    for (const [part, file] of goodFiles.entries()) {
      uris.push(await lake.write(partKey(keys, name, part), (path) => moveFile(file, path)));
    }
    return { name, rows: await count(uris), uris, identity };
  }
  const order = reorder ? ` ORDER BY ${IDENTITY}${typed.isList ? ', _position' : ''}` : '';
  const uris = await written(`SELECT ${typed.staged} FROM (${kept ?? `SELECT * FROM ${good}`})${order}`);
  return { name, rows: await count(uris), uris, identity };
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
