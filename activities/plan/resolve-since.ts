import type { PipelineDefinition, RunOptions } from '../../workflows/definition/index.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/** At the end of an instant: `Z`, `+01:00`. */
const OFFSET = /T.*(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/;

/** What an instant is held against. */
interface Moment {
  /** Of texts without one. */
  readonly timezone: string;
  /** When the run started, ISO instant. */
  readonly startedAt: string;
  /** The day the run takes for today. */
  readonly asOf: string;
  /** The definition, for errors. */
  readonly where: string;
}

/**
 * The instant from which on rows are asked for, as ISO: a date is its begin in the definition's zone. Throws
 * `DefinitionInvalid` where no table knows when its rows changed, and for an instant that is yet to come.
 */
export async function resolveSince(
  session: Session,
  definition: Pick<PipelineDefinition, 'models'>,
  { since }: Pick<RunOptions, 'since'>,
  { timezone, startedAt, asOf, where }: Moment,
): Promise<string | undefined> {
  if (since === undefined) return undefined;
  if (Object.values(definition.models).every((model) => model.since === undefined)) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `--since ${since} says nothing here: no table of this pipeline says when its rows changed.`,
      where,
      remedy: "leave --since out, or name the column in the definition: models.<name>.since = 'updated_at'",
    });
  }
  const instant = OFFSET.test(since)
    ? 'CAST($since AS TIMESTAMP WITH TIME ZONE)'
    : 'timezone($timezone, CAST($since AS TIMESTAMP))';
  const end = 'timezone($timezone, CAST($asOf AS TIMESTAMP) + INTERVAL 1 DAY)';
  const [row] = await session.rows<{ instant: string; future: boolean }>(
    `SELECT strftime(${instant} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS instant,
       ${instant} > greatest(CAST($startedAt AS TIMESTAMP WITH TIME ZONE), ${end}) AS future`,
    { since, timezone, startedAt, asOf },
  );
  if (!row) throw new Error('a query of one row gave none');
  if (!row.future) return row.instant;
  throw new AcequiaError('DefinitionInvalid', {
    what: `--since ${since} is yet to come: nothing can have changed since then.`,
    where: 'the options of the run',
    why: `The run started at ${startedAt}${startedAt.startsWith(asOf) ? '' : `, and takes ${asOf} for today`}.`,
    remedy: 'name a day or an instant that has been, for example --since 2026-01-31',
  });
}
