import { join } from 'node:path';
import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import { found } from '../found.ts';
import { shortId } from '../runs/stored-runs.ts';
import { typedCommand } from '../shell-words.ts';

/** Whether the records of a source are exported as JSON Lines; all others are as CSV. */
export function isExportedAsJson(report: Pick<SourceReport, 'files'> | undefined): boolean {
  return report?.files.some(({ format }) => format === 'json' || format === 'jsonl') ?? false;
}

/**
 * The command that writes a source's quarantined rows to a file that can be corrected.
 *
 * @param report how the source was read
 * @param folder where the person stands: the name that it proposes is free there
 */
export function exportCommand(
  runId: string,
  source: string,
  report: Pick<SourceReport, 'files'> | undefined,
  folder: string,
): string {
  const name = freeName(folder, `${source}.bad`, isExportedAsJson(report) ? '.jsonl' : '.csv');
  return typedCommand(['quarantine', 'export', shortId(runId), `--source=${source}`, name]);
}

function freeName(folder: string, stem: string, ending: string): string {
  let name = `${stem}${ending}`;
  for (let number = 2; found(join(folder, name)); number += 1) name = `${stem}.${number}${ending}`;
  return name;
}
