import Table from 'cli-table3';
import type { Amount, CleanUpSummary, PartSummary } from '../../../workflows/clean-up-contract.ts';
import { count, counted, size } from '../figures.ts';
import { typedCommand } from '../shell-words.ts';
import { verdictText } from '../verdict-lines.ts';

/** What a clean-up removes of each part, and what stays. */
export function cleanUpTable({ dryRun, parts, openSince }: CleanUpSummary): string {
  const table = new Table({
    head: ['part', 'kept for', dryRun ? 'would go' : 'removed', '', 'stays', '', 'oldest that stays'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const part of parts) table.push(rowOf(part));
  const open = openSince === null ? [] : [`a run is open since ${openSince}: nothing written since then goes`];
  return [table.toString(), ...open].join('\n');
}

function rowOf({ part, retention, freed, kept, oldestKept }: PartSummary): string[] {
  return [
    part,
    part === 'incoming' ? '(left by killed writes)' : (retention ?? 'ever'),
    ...[count(freed.files), size(freed.bytes), count(kept.files), size(kept.bytes)],
    oldestKept === null ? '' : oldestKept.writtenAt.slice(0, 10),
  ];
}

/** All that goes, or has gone. */
export function freedBy({ parts }: CleanUpSummary): Amount {
  return {
    files: parts.reduce((sum, { freed }) => sum + freed.files, 0),
    bytes: parts.reduce((sum, { freed }) => sum + freed.bytes, 0),
  };
}

export function amountText({ files, bytes }: Amount): string {
  return `${counted(files, 'file')}, ${size(bytes)}`;
}

/** The last three lines: verdict, cause, next command. */
export function cleanUpVerdict(summary: CleanUpSummary, environment: string): string {
  const freed = freedBy(summary);
  const command = (flags: readonly string[]): string => typedCommand(['clean-up', `--env=${environment}`, ...flags]);
  const retained = summary.parts.filter(({ retention }) => retention !== null);
  if (retained.length === 0 && freed.files === 0) {
    return verdictText({
      verdict: 'clean-up: nothing to remove',
      cause: 'everything is kept for ever: ACEQUIA_RETENTION is not set',
      next: `ACEQUIA_RETENTION=staging=7d,landing=90d,quarantine=1y ${command(['--dry-run'])}   shows what that would remove`,
    });
  }
  const rule = retained.map(({ part, retention }) => `${part} older than ${retention ?? ''}`).join(', ');
  const cause = `${rule === '' ? 'what killed writes left behind' : rule}; receipts stay`;
  if (freed.files === 0) {
    return verdictText({ verdict: 'clean-up: nothing to remove', cause, next: command(['--dry-run']) });
  }
  return summary.dryRun
    ? verdictText({
        verdict: `clean-up: nothing removed; ${amountText(freed)} would go`,
        cause,
        next: `${command([])}   removes them`,
      })
    : verdictText({
        verdict: `clean-up: ${amountText(freed)} removed`,
        cause,
        next: `${command(['--dry-run'])}   shows what the next one would remove`,
      });
}
