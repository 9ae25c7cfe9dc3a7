import type { PublishRequest } from '../../../workflows/stages.ts';
import type { Session } from '../../duckdb/session.ts';
import { allNew } from '../count-changes.ts';
import { notOurs } from '../refusals.ts';
import type { Load } from '../staged-load.ts';
import { appendFile, appendToFile } from './append-file.ts';
import { NOTHING, write, type FilePlan } from './file-plan.ts';
import { fitFiles } from './fit-files.ts';
import { readLedger } from './ledger.ts';
import { mergeIntoFile } from './merge-file.ts';
import type { Place } from './place.ts';
import { replaceFile } from './replace-file.ts';
import { select } from './rows-of.ts';

/** Decides what a load makes of the files that are there. Nothing is written yet. */
export async function planFile(session: Session, request: PublishRequest, load: Load, place: Place): Promise<FilePlan> {
  const step = { session, request, load, place };
  if (place.many) return appendFile(step);
  const [file] = place.there;
  if (!file) return write(step, allNew(load.content.rows), select(load), [], NOTHING);
  const ledger = await readLedger(session, file);
  if (!ledger) {
    throw notOurs(
      request,
      'There is a Parquet file that Acequia did not write.',
      'It carries no ledger, and would have to be written anew.',
      'move it away, or publish to another place; a folder takes further files beside those of others',
    );
  }
  if (load.mode === 'replace') return replaceFile(step, file, ledger);
  const { fitted, columns } = await fitFiles(step, place.there, true);
  return load.mode === 'append'
    ? appendToFile({ ...step, load: fitted }, file, ledger, columns)
    : mergeIntoFile({ ...step, load: fitted }, file, ledger, columns);
}
