import type { PublishRequest } from '../../../workflows/stages.ts';
import { JobFailed } from '../../bigquery/api-error.ts';
import { bigQueryProblem, type ProblemTypes } from '../../bigquery/problems.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { maskQuoted } from '../../failure/mask.ts';
import { notAccounted, severalRows, superseded } from '../refusals.ts';
import { REFUSED, type Change } from './statements.ts';

const TYPES: ProblemTypes = {
  missing: 'DestinationMissing',
  denied: 'DestinationDenied',
  busy: 'DestinationBusy',
  unreachable: 'DestinationUnreachable',
  refused: 'DestinationMismatch',
};

/** What DuckDB says of a value that BigQuery has no room for. */
const NO_ROOM = /lies outside the years|Could not cast value|Conversion Error: Casting|out of range/i;

/** Words for what went wrong on the way to BigQuery; anything unknown comes back without what it quotes. */
export function publicationProblem(error: unknown, place: string): unknown {
  if (error instanceof Error && !(error instanceof AcequiaError) && NO_ROOM.test(error.message))
    return new AcequiaError('DestinationMismatch', {
      what: 'BigQuery cannot hold one of the values. Nothing was changed.',
      where: place,
      why: maskQuoted(error.message.split('\n')[0] ?? ''),
      remedy: 'mend the value at the source, or take the column as text',
    });
  return bigQueryProblem(error, place, TYPES);
}

/** What the transaction itself has refused, by the mark that it leaves in its message. */
export function transactionProblem(error: unknown, request: PublishRequest, changes: readonly Change[]): unknown {
  if (!(error instanceof JobFailed)) return error;
  const of = (mark: string): Change | undefined =>
    changes.find(({ table }) => new RegExp(`${mark} ${table}(?![a-z0-9_])`).test(error.message));
  const overtaken = of(REFUSED.overtaken);
  if (overtaken) return superseded(request, overtaken.table, 'a later instant');
  const several = of(REFUSED.several);
  if (several) {
    const { name, ...table } = { name: several.table, key: several.key, columns: [], references: [], indexes: [] };
    return severalRows(request, { name, ...table }, 2);
  }
  const changed = of(REFUSED.changed);
  return changed ? notAccounted(request, changed.table, 0, changed.rows) : error;
}
