import { isInBucket } from '../../workflows/definition/bucket-place.ts';
import { SEVERITIES } from '../../workflows/definition/check.ts';
import { NO_MAPPING } from '../../workflows/drained-source.ts';
import { isDrained, isPublished, type Receipt } from '../../workflows/receipt.ts';
import { count, counted } from './figures.ts';
import { fitting, shortened } from './key-list.ts';
import { shortId } from './runs/stored-runs.ts';
import { shellWords, typedCommand } from './shell-words.ts';

/** The last three lines of a command: verdict, cause, next command. */
export interface Verdict {
  readonly verdict: string;
  readonly cause: string;
  readonly next: string;
}

/** Keeps the cause on one line, as far as one cause alone allows. */
const CAUSE_WIDTH = 130;

/**
 * @param again the command that runs the same again
 * @param file where the receipt can be read
 */
export function verdictOf(receipt: Receipt, again: string, file: string): Verdict {
  const { pipeline, outcome } = receipt.run;
  const broken = receipt.checks.filter(({ status }) => status !== 'passed');
  const named = nameChecks(broken);
  const published = isPublished(receipt);
  const done = published ? 'published' : 'checked, nothing published as asked';
  switch (outcome) {
    case 'succeeded':
      return { verdict: `${pipeline}: ${done}`, cause: named || everyRow(receipt), next: nextOf(receipt, again) };
    case 'warned':
      return {
        verdict: `${pipeline}: needs attention: ${done}, ${count(broken.length)} of ${counted(receipt.checks.length, 'check')} failed`,
        cause: named,
        next: `${lookAtRows(receipt)}the query behind each check is named in ${file}`,
      };
    case 'blocked':
      return {
        verdict: `${pipeline}: blocked, nothing published`,
        cause: nameChecks(stopping(receipt)),
        next: `mend the source or the check (the query behind it is in ${file}), then: ${again}${lastResort(receipt)}`,
      };
    case 'skipped':
      return { verdict: `${pipeline}: nothing to do`, cause: 'nothing has changed', next: again };
    case 'cancelled':
      return cancelledVerdict(pipeline, again);
    case 'failed':
      return failureVerdict(pipeline, receipt.error?.message ?? '', again);
  }
}

/** The checks that kept a run from publishing. */
function stopping({ checks }: Receipt): Receipt['checks'] {
  return checks.filter(({ status, blocking, override }) => status !== 'passed' && blocking && !override);
}

/** Whoever has looked, and knows better than the checks, may publish once in spite of them; of sums and keys nobody may. */
export function lastResort(receipt: Receipt): string {
  const checks = stopping(receipt);
  if (checks.length === 0 || checks.some(({ unconditional }) => unconditional)) return '';
  const flags = [...checks.map(({ name }) => `--publish-anyway=${name}`), '--reason=why'];
  return `; as the last resort, for one run, add: ${shellWords(flags)}`;
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
  const [what = ''] = message.split('\n');
  const part = (name: string): string | undefined => new RegExp(`^ *${name}: *(.*)$`, 'm').exec(message)?.[1];
  const where = part('where');
  return {
    verdict: `${pipeline}: failed`,
    cause: what ? `${what}${where ? ` (${where})` : ''}` : 'the run ended without saying why',
    next: part('to do') ?? again,
  };
}

export function verdictText({ verdict, cause, next }: Verdict): string {
  return [verdict, `cause: ${cause}`, `next:  ${next}`].join('\n');
}

/** The most severe first, and of those the one that most rows break. */
function nameChecks(checks: Receipt['checks']): string {
  const rank = ({ severity }: Receipt['checks'][number]): number => SEVERITIES.indexOf(severity);
  const named = [...checks].sort((a, b) => rank(b) - rank(a) || b.failed - a.failed).map(nameCheck);
  return named.length === 0 ? '' : fitting(named, '; ', CAUSE_WIDTH, (left) => `and ${count(left)} more`);
}

function nameCheck({ name, failed, query, sample: [sentence], blocking }: Receipt['checks'][number]): string {
  // What stops a run at its source is told in the guard's own words; they say more than a count.
  if (blocking && query === null && sentence !== undefined) return `${name}: ${shortened(sentence)}`;
  return failed > 1 ? `${name}: ${counted(failed, 'row')}` : name;
}

function everyRow(receipt: Receipt): string {
  const read = receipt.sources.reduce((sum, source) => sum + source.read, 0);
  return `every row accounted for (${counted(read, 'row')} read)`;
}

/** The commands that show quarantined rows, where there are any, and the shapes that wait for a mapping. */
export function lookAtRows({ run, sources, tables }: Receipt): string {
  if (![...sources, ...tables].some(({ quarantined }) => quarantined > 0)) return '';
  const unknown = sources.some(({ reasons }) => reasons.some(({ reason }) => reason === NO_MAPPING));
  const env = run.environment === 'dev' ? [] : [`--env=${run.environment}`];
  const list = unknown
    ? `${typedCommand(['mappings', 'list', ...env])}   shows the shapes whose records wait for a mapping; `
    : '';
  return `${list}${aboutRun(['quarantine', 'show'], run)}   shows the quarantined rows; `;
}

/** A command about a run; runs are looked for in one environment, which is `dev` where none is named. */
function aboutRun(words: readonly string[], { runId, environment }: Receipt['run']): string {
  const env = environment === 'dev' ? [] : [`--env=${environment}`];
  return typedCommand([...words, shortId(runId), ...env]);
}

/** What the API can serve. */
const SERVED: readonly string[] = ['sqlite', 'duckdb', 'parquet'];

function nextOf(receipt: Receipt, again: string): string {
  if (!isPublished(receipt)) return `to publish: ${again.replace(' --validate-only', '')}`;
  if (receipt.tables.some(isDrained))
    return `${aboutRun(['receipt', 'show'], receipt.run)}   shows what became of each source`;
  return receipt.destinations.some(({ kind, path }) => SERVED.includes(kind) && !isInBucket(path))
    ? 'npm run api   serves the views of what was published'
    : `${aboutRun(['receipt', 'verify'], receipt.run)}   compares what stands there with what was published`;
}
