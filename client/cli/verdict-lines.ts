import type { Receipt } from '../../workflows/receipt.ts';
import { count, counted } from './figures.ts';

/** The last three lines of a command: verdict, cause, next command. */
export interface Verdict {
  readonly verdict: string;
  readonly cause: string;
  readonly next: string;
}

/** @param again the command that runs the same again */
export function verdictOf(receipt: Receipt, again: string): Verdict {
  const { pipeline, outcome } = receipt.run;
  const broken = receipt.checks.filter(({ status }) => status !== 'passed');
  const named = nameChecks(broken);
  const published = receipt.tables.some(({ destination }) => destination !== null);
  const done = published ? 'published' : 'checked, nothing published as asked';
  switch (outcome) {
    case 'succeeded':
      return { verdict: `${pipeline}: ${done}`, cause: named || everyRow(receipt), next: nextOf(published, again) };
    case 'warned': {
      const warnings = broken.filter(({ severity }) => severity !== 'info').length;
      return {
        verdict: `${pipeline}: needs attention: ${done}, ${counted(warnings, 'warning')}`,
        cause: named,
        next: nextOf(published, again),
      };
    }
    case 'blocked':
      return {
        verdict: `${pipeline}: blocked, nothing published`,
        cause: nameChecks(broken.filter(({ blocking }) => blocking)),
        next: `mend the source or the check, then: ${again}`,
      };
    case 'skipped':
      return { verdict: `${pipeline}: nothing to do`, cause: 'nothing has changed', next: again };
    case 'cancelled':
      return cancelledVerdict(pipeline, again);
    case 'failed':
      return failureVerdict(pipeline, receipt.error?.message ?? '', again);
  }
}

export function cancelledVerdict(pipeline: string, again: string): Verdict {
  return {
    verdict: `${pipeline}: cancelled`,
    cause: 'the run was cancelled; what was published before stays as it was',
    next: again,
  };
}

/** Of an error in four parts, its own remedy is the next step. */
export function failureVerdict(pipeline: string, message: string, again: string): Verdict {
  const lines = message.split('\n');
  const remedy = lines.find((line) => line.trimStart().startsWith('to do:'))?.replace(/^\s*to do:\s*/, '');
  return {
    verdict: `${pipeline}: failed`,
    cause: lines[0] || 'the run ended without saying why',
    next: remedy ?? again,
  };
}

export function verdictText({ verdict, cause, next }: Verdict): string {
  return [verdict, `cause: ${cause}`, `next:  ${next}`].join('\n');
}

function nameChecks(checks: Receipt['checks']): string {
  return checks.map(({ name, failed }) => (failed > 1 ? `${name} (${count(failed)})` : name)).join('; ');
}

function everyRow(receipt: Receipt): string {
  const read = receipt.sources.reduce((sum, source) => sum + source.read, 0);
  return `every row accounted for (${counted(read, 'row')} read)`;
}

function nextOf(published: boolean, again: string): string {
  return published
    ? 'npm run api   serves the views of what was published'
    : `to publish: ${again.replace(' --validate-only', '')}`;
}
