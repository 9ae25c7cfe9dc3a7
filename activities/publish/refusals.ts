import type { LoadMode, TablePlan } from '../../workflows/definition/index.ts';
import type { PublishRequest } from '../../workflows/stages.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/** Words for what is not published. Nothing was changed in any of these cases. */

/** What stands in the way was not made by a load of ours. */
export function notOurs(request: PublishRequest, what: string, why: string, remedy: string): AcequiaError {
  return new AcequiaError('DestinationNotOurs', {
    what,
    where: request.destination.path,
    why: `${why} Nothing was changed, so that nothing of yours is lost.`,
    remedy,
  });
}

/** A run that was overtaken (a worker that hung and came back) must not undo what a later run published. */
export function superseded(request: PublishRequest, table: string, latest: string): AcequiaError {
  return new AcequiaError('Superseded', {
    what: `A later run has published ${table} already.`,
    where: request.destination.path,
    why: `This load was asked for at ${request.requestedAt}, that one at ${latest}.`,
    remedy: 'start a new run',
  });
}

/** What the destination gives back is not what it was given. */
export function notAccounted(request: PublishRequest, table: string, rows: number, expected: number): AcequiaError {
  return new AcequiaError('NotAccounted', {
    what: `What the destination gives back of ${table} is not what it was given: ${rows} rows instead of ${expected}, or other values.`,
    where: request.destination.path,
    remedy: 'nothing was published; report this with the receipt',
  });
}

/** The destination itself changes rows while they are written, or keeps some out. */
export function changedByTriggers(request: PublishRequest, table: string, triggers: readonly string[]): AcequiaError {
  return new AcequiaError('DestinationMismatch', {
    what: `The table ${table} does not keep rows as they are given. Nothing was changed.`,
    where: request.destination.path,
    why: `It has ${triggers.join(', ')}.`,
    remedy: 'drop or disable what changes the rows, or publish to another table',
  });
}

/** The rows do not go into the table that is there, which a load of `ours` made or somebody else. `problems`: one line each. */
export function mismatch(
  request: PublishRequest,
  table: string,
  ours: boolean,
  problems: readonly string[],
): AcequiaError {
  return new AcequiaError('DestinationMismatch', {
    what: `The rows do not go into the table ${table} that is there.`,
    where: request.destination.path,
    why: problems.join('\n         '),
    remedy: `declare the types of the table that is there, or publish to another table${ours ? ', or replace it' : ''}`,
  });
}

/** A key of the load stands in several rows of the table that is there: which of them is meant nobody knows. */
export function severalRows(request: PublishRequest, { name, key }: TablePlan, repeated: number): AcequiaError {
  return new AcequiaError('DestinationMismatch', {
    what: `The rows do not go into the table ${name} that is there.`,
    where: request.destination.path,
    why: `${repeated === 1 ? '1 key of the load stands' : `${repeated} keys of the load stand`} in several rows of the table (${key.join(', ')})`,
    remedy: 'remove the rows that are too many, or publish to another table',
  });
}

export function keyBroken(request: PublishRequest, { name, key, from }: TablePlan, rows: number): AcequiaError {
  return new AcequiaError('ContractBreach', {
    what: `${rows === 1 ? '1 row' : `${rows} rows`} of ${name} ${rows === 1 ? 'has' : 'have'} a key that another row has too, or that is NULL.`,
    where: request.destination.path,
    why: `The key (${key.join(', ')}) must be UNIQUE and NOT NULL.`,
    remedy: `mend the ${from === 'source' ? 'files' : 'model or the source'}, or name other columns as the key`,
  });
}

export function noKey(request: PublishRequest, table: string, mode: LoadMode): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `${table} is loaded by ${mode}, and has no key.`,
    where: request.destination.path,
    why: 'The row that is meant is found by its key.',
    remedy: 'name the columns of the key, or append or replace',
  });
}

export function noColumns(request: PublishRequest, table: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `${table} has no columns.`,
    where: request.destination.path,
    why: 'There is nothing to publish.',
    remedy: 'see what the source or the model gives',
  });
}

/** `role`: what the column is to be, such as `part of the key`. */
export function noSuchColumn(
  request: PublishRequest,
  table: string,
  column: string,
  role: string,
  columns: readonly string[],
): AcequiaError {
  const shown = columns.slice(0, 20).join(', ');
  return new AcequiaError('DefinitionInvalid', {
    what: `${table} has no column "${column}", which is to be ${role}.`,
    where: request.destination.path,
    why: `Its columns are ${shown}${columns.length > 20 ? ` and ${columns.length - 20} more` : ''}.`,
    remedy: 'name one of these, or see why the source or the model lacks it',
  });
}

export function takenName(request: PublishRequest, { name, mode }: TablePlan, column: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `${name} has a column "${column}", and ${mode ?? 'replace'} keeps a column of its own under that name.`,
    where: request.destination.path,
    remedy: 'give the column another name, or load the table in another mode',
  });
}

/** More rows would vanish by one load than may. */
export function tooManyVanish(
  request: PublishRequest,
  { name, mode }: TablePlan,
  { there, missing, vanishAtMost }: { readonly there: number; readonly missing: number; readonly vanishAtMost: number },
): AcequiaError {
  const partly = mode === 'scd2' ? " missing: 'keep' where a load holds only a part of the rows," : '';
  return new AcequiaError('TooManyVanish', {
    what: `${missing} of ${there} rows of ${name} would vanish: the load lacks their keys. Nothing was changed.`,
    where: request.destination.path,
    why: `At most ${percent(vanishAtMost)} may vanish by one load (vanishAtMost).`,
    remedy: `see that the source is whole; if it is:${partly} a larger vanishAtMost (of a copy --vanish-at-most), or of a pipeline --full-refresh ${name} for this once`,
  });
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** Entries of a list have no identity of their own: one that became shorter leaves rows behind that no key of the load names. */
export function mergesList(request: PublishRequest, table: string, mode: LoadMode): AcequiaError {
  return new AcequiaError('DestinationMismatch', {
    what: `${table} holds the entries of a list inside records, and cannot be loaded by ${mode}.`,
    where: request.destination.path,
    why: 'Entries that a record no longer has would stay.',
    remedy: 'keep lists as JSON text (--nested json), or use --mode replace or append',
  });
}
