import type { PublishRequest } from '../../../workflows/stages.ts';
import { minus, rowsDigest } from '../../duckdb/rows-digest.ts';
import type { Session } from '../../duckdb/session.ts';
import { notAccounted } from '../refusals.ts';
import type { FileToWrite } from './file-plan.ts';
import { names, rowsOf } from './rows-of.ts';

/** Reads a written file back: the load's rows stand in it as they were given, and beside them what was there before. */
export async function requireWritten(
  session: Session,
  request: PublishRequest,
  { load, kept }: FileToWrite,
  file: string,
): Promise<void> {
  const written = minus(await rowsDigest(session, rowsOf([file]), names(load)), kept);
  if (written.digest !== load.content.digest || written.rows !== load.content.rows)
    throw notAccounted(request, load.table.name, written.rows, load.content.rows);
}
