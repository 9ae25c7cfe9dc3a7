import { openLake } from '../../../activities/lake/lake.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import type { Receipt, ReceiptSource } from '../../../workflows/receipt.ts';
import { usageError } from '../command-error.ts';
import { counted } from '../figures.ts';
import { requireInLake } from '../runs/require-in-lake.ts';
import { shortId } from '../runs/stored-runs.ts';
import { typedCommand } from '../shell-words.ts';
import { replayedRows, isReplayed } from './replayed-rows.ts';
import { correctionsOf } from './corrections-of.ts';

/** A source with rows in quarantine, and where they are. */
export interface QuarantinedSource extends ReceiptSource {
  readonly quarantine: string;
}

/**
 * The sources of a run that have quarantined rows, or left-out values: all, or the one that is named.
 *
 * @throws CommandError (exit 2) where there are none
 */
export function quarantinedSources({ run, sources }: Receipt, named?: string): QuarantinedSource[] {
  const found = sources.flatMap((source): QuarantinedSource[] => {
    const { quarantine, quarantined, discarded } = source;
    return quarantine !== null && quarantined + discarded > 0 ? [{ ...source, quarantine }] : [];
  });
  const wanted = named === undefined ? found : found.filter(({ name }) => name === named);
  if (wanted.length > 0) return wanted;
  const what = `${run.pipeline}, run ${shortId(run.runId)} of ${run.startedAt}`;
  throw usageError(
    named === undefined || found.length === 0
      ? `Nothing was quarantined in ${what}.`
      : `No row of a source "${named}" was quarantined in ${what}.`,
    found.length === 0
      ? `${typedCommand(['quarantine', 'list'])} shows the runs in which something was`
      : `--source=${found.map(({ name }) => name).join(' or --source=')}`,
  );
}

/** The one source that a command is about. @throws CommandError (exit 2) where several could be meant */
export function oneQuarantinedSource(receipt: Receipt, named: string | undefined): QuarantinedSource {
  const [only, ...more] = quarantinedSources(receipt, named);
  if (only && more.length === 0) return only;
  const names = [only, ...more].map((source) => source?.name ?? '');
  throw usageError(
    `${counted(names.length, 'source')} of ${receipt.run.pipeline} have quarantined rows: ${names.join(', ')}.`,
    `name one: --source=${names[0] ?? ''}`,
  );
}

/**
 * SQL: its rows, `file, line, offset, column, value, expected, reason, record, cells, kept, replayed`. `replayed`: a file
 * that this run took beside the source's own stands for it, so that it is in quarantine as it was before.
 *
 * @throws CommandError (exit 1) where retention has removed them
 */
export async function quarantineRows(
  { name, quarantine }: QuarantinedSource,
  receipt: Receipt,
  lake: string,
): Promise<string> {
  const what = `the quarantined rows of ${name}`;
  await requireInLake({ what, uri: quarantine, parts: ['quarantine'] }, receipt, lake);
  const handedIn = await replayedRows(correctionsOf(receipt, name));
  const rows = `read_parquet(${literal(openLake(lake).readable(quarantine))})`;
  return `(SELECT *, NOT kept AND ${isReplayed(handedIn)} AS replayed FROM ${rows})`;
}
