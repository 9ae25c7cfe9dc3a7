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

/** A source, or a model with rules (`models.orders`), with rows in quarantine, and where they are. */
export interface QuarantinedSource extends Pick<ReceiptSource, 'name' | 'quarantined' | 'discarded' | 'reasons'> {
  readonly kind: 'source' | 'table';
  readonly quarantine: string;
  /** Its records were drained from where they wait: there is no file that they stand in. */
  readonly drained: boolean;
}

/** Everything in a run's quarantine; a table that went to several destinations is one. */
export function quarantinedIn({ sources, tables }: Pick<Receipt, 'sources' | 'tables'>): QuarantinedSource[] {
  const ofTables = tables
    .filter(({ name }, index) => tables.findIndex((other) => other.name === name) === index)
    .map((table) => ({ ...table, name: `models.${table.name}`, kind: 'table' as const, discarded: 0, drained: false }));
  return [...sources.map(ofSource), ...ofTables].flatMap(
    ({ kind, name, quarantined, discarded, reasons, quarantine, drained }) =>
      quarantine !== null && quarantined + discarded > 0
        ? [{ kind, name, quarantined, discarded, reasons, quarantine, drained }]
        : [],
  );
}

function ofSource(source: ReceiptSource) {
  return { ...source, kind: 'source' as const, drained: source.report === null };
}

/**
 * The sources of a run that have quarantined rows, or left-out values: all, or the one that is named.
 *
 * @throws CommandError (exit 2) where there are none
 */
export function quarantinedSources(receipt: Receipt, named?: string): QuarantinedSource[] {
  const { run } = receipt;
  const found = quarantinedIn(receipt);
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
  const found = quarantinedSources(receipt, named);
  const sources = found.filter(({ kind }) => kind === 'source');
  const [only, ...more] = sources;
  if (!only) throw rowsOfTable(receipt, found);
  if (only.drained) throw drainedRecords(receipt, only);
  if (more.length === 0) return only;
  const names = sources.map(({ name }) => name);
  throw usageError(
    `${counted(names.length, 'source')} of ${receipt.run.pipeline} have quarantined rows: ${names.join(', ')}.`,
    `name one: --source=${names[0] ?? ''}`,
  );
}

/** A record that waited in a database is mended there, or by a mapping. */
function drainedRecords({ run }: Receipt, { name }: QuarantinedSource) {
  return usageError(
    `The quarantined records of ${name} come from no file: there is none to correct and to replay.`,
    `${typedCommand(['quarantine', 'show', shortId(run.runId)])} shows them; those of unknown shapes: ${typedCommand(['mappings', 'list'])}`,
  );
}

/** Rows of a table were made from those of its sources: only there can they be corrected. */
function rowsOfTable({ run }: Receipt, tables: readonly QuarantinedSource[]) {
  const names = tables.map(({ name }) => name).join(', ');
  return usageError(
    `The quarantined rows of ${names} are rows of a table, made by a model from what the sources hold.`,
    `correct the source's file, where \`${typedCommand(['quarantine', 'show', shortId(run.runId)])}\` says the row stands, and run the pipeline again`,
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
  const rows = `read_parquet(${literal(await openLake(lake).local(quarantine))})`;
  return `(SELECT *, NOT kept AND ${isReplayed(handedIn)} AS replayed FROM ${rows})`;
}
