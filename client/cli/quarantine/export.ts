import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { withSession } from '../../../activities/duckdb/session.ts';
import { diskError } from '../../../activities/failure/disk.ts';
import { resolveEnvironment } from '../../../infra/settings/environment-settings.ts';
import { usageError } from '../command-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { counted } from '../figures.ts';
import { readReports } from '../runs/source-reports.ts';
import { findRun, shortId } from '../runs/stored-runs.ts';
import { typedCommand } from '../shell-words.ts';
import { correctionsOf } from './corrections-of.ts';
import { requireKept } from './earlier-corrections.ts';
import { isExportedAsJson } from './export-name.ts';
import { exportCsv, exportJsonLines } from './export-sql.ts';
import { oneQuarantinedSource, quarantineRows, type QuarantinedSource } from './quarantined-source.ts';

export interface ExportArguments {
  readonly run: string;
  readonly source: string | undefined;
  readonly file: string;
  readonly environment: string;
  /** What a relative path counts from. */
  readonly folder: string;
}

/**
 * `acequia quarantine export`: the quarantined records of a source as a file that can be corrected and replayed: CSV, or
 * JSON Lines where the source is JSON. Values that were left out of loaded rows are not among them, nor rows that an earlier
 * replay has taken.
 */
export async function exportQuarantine(args: ExportArguments): Promise<ExitCode> {
  const settings = resolveEnvironment(args.environment, process.env);
  const receipt = await findRun(args.run, settings);
  const source = oneQuarantinedSource(receipt, args.source);
  const told = (await readReports(receipt, settings.lake)).find((one) => one.source.name === source.name);
  const isJson = isExportedAsJson(told?.report);
  const path = resolve(args.folder, args.file);
  requirePlace(path, args.file, isJson);
  await requireKept(receipt);
  const rows = `(SELECT * FROM ${await quarantineRows(source, receipt, settings.lake)} WHERE NOT replayed)`;
  const columns = told?.report.tables[0]?.columns.map(({ name }) => name) ?? [];
  requireSomeLeft(await withSession(undefined, (session) => session.count(`SELECT count(*) FROM ${rows}`)), source);
  const { written, left } = await withSession(undefined, (session) =>
    writeWhole(path, (part) =>
      isJson ? exportJsonLines(session, rows, part) : exportCsv(session, rows, columns, part),
    ),
  );
  process.stdout.write(`${counted(written, 'row')} of ${source.name} in ${path}\n`);
  if (left > 0) {
    process.stdout.write(
      `${counted(left, 'record')} longer than 64 KB ${left === 1 ? 'is' : 'are'} not among them: quarantine keeps only the beginning; take them from the file itself\n`,
    );
  }
  const unnamed = correctionsOf(receipt, source.name).filter(({ places }) => places === undefined);
  if (unnamed.length > 0) {
    const names = unnamed.map(({ path }) => basename(path)).join(', ');
    process.stdout.write(
      `rows that ${names} has corrected may be among them: take those out, or they are loaded twice\n`,
    );
  }
  const replay = typedCommand([
    'quarantine',
    'replay',
    shortId(receipt.run.runId),
    `--source=${source.name}`,
    args.file,
  ]);
  process.stdout.write(`next:  correct them, then: ${replay}\n`);
  return left > 0 ? EXIT.failed : EXIT.done;
}

function requireSomeLeft(rows: number, { name }: QuarantinedSource): void {
  if (rows > 0) return;
  throw usageError(
    `Every quarantined row of ${name} has been replayed: nothing is left to export.`,
    `${typedCommand(['quarantine', 'list'])} shows other runs`,
  );
}

/** JSON goes into JSON Lines, all else into CSV; nothing is overwritten, as it may hold somebody's corrections. */
function requirePlace(path: string, written: string, isJson: boolean): void {
  const ending = extname(path).toLowerCase();
  const wanted = isJson ? ['.jsonl', '.ndjson'] : ['.csv'];
  if (!wanted.includes(ending)) {
    throw usageError(
      `The rows are written as ${isJson ? 'JSON Lines, as the source is JSON' : 'CSV'}, and "${written}" says otherwise.`,
      `name a file that ends in ${wanted[0] ?? ''}`,
    );
  }
  if (existsSync(path)) throw usageError(`"${written}" is there already.`, 'name another file, or move that one away');
}

/** A file that is whole or not there. */
async function writeWhole<Result>(path: string, write: (part: string) => Promise<Result>): Promise<Result> {
  const part = join(dirname(path), `.${randomUUID()}.part`);
  try {
    const result = await write(part);
    await rename(part, path);
    return result;
  } catch (error) {
    throw diskError(error, path);
  } finally {
    await rm(part, { force: true });
  }
}
