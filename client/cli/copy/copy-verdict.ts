import type { CopyOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { count, counted } from '../figures.ts';
import { fitting } from '../key-list.ts';
import { shortId } from '../runs/stored-runs.ts';
import { typedCommand } from '../shell-words.ts';
import { failureVerdict, lastResort, lookAtRows, verdictOf, type Verdict } from '../verdict-lines.ts';
import { asFlags } from './as-flags.ts';
import { askCommand } from './ask-command.ts';

/**
 * The last three lines of a copy.
 *
 * @param failure why the run failed, in its whole; also where only some files could not be read
 */
export function copyVerdict(receipt: Receipt, failure: string | undefined, again: string, file: string): Verdict {
  const { run, sources, tables } = receipt;
  const loaded = tables.filter(({ destination }) => destination !== null);
  const failed = sources.filter(({ error }) => error !== null);
  if (failure !== undefined) {
    const told = failureVerdict(run.pipeline, failure, again);
    const verdict = { ...told, next: asFlags(told.next) };
    if (loaded.length === 0 || failed.length === 0) return verdict;
    const there = `${counted(loaded.length, 'table')} ${loaded.length === 1 ? 'is' : 'are'} loaded`;
    return {
      ...verdict,
      verdict: `${run.pipeline}: failed: ${counted(failed.length, 'file')} could not be read, ${there}`,
    };
  }
  const verdict = verdictOf(receipt, again, file);
  if (run.outcome === 'blocked') return { ...verdict, next: nextOfBlocked(receipt, again) };
  if (loaded.length === 0 || (run.outcome !== 'succeeded' && run.outcome !== 'warned')) return verdict;
  const published = `published: ${changesOf(loaded, run.options?.copy?.mode)} in ${counted(loaded.length, 'table')}`;
  const attention = run.outcome === 'warned' ? 'needs attention: ' : '';
  const cause = run.outcome === 'warned' ? attentionOf(receipt) : verdict.cause;
  return { cause, verdict: `${run.pipeline}: ${attention}${published}`, next: nextOfCopy(receipt) };
}

/** What a copy has done to its tables: where rows are added, those that were there already are no news. */
function changesOf(tables: Receipt['tables'], mode: CopyOptions['mode'] | undefined): string {
  const sum = (figure: 'rows' | 'inserted' | 'updated' | 'unchanged' | 'removed'): number =>
    tables.reduce((total, table) => total + table[figure], 0);
  const rows = sum('rows');
  if (rows > 0 && sum('inserted') + sum('updated') + sum('removed') === 0) {
    return `nothing new, ${counted(rows, 'row')} ${rows === 1 ? 'was' : 'were'} there already`;
  }
  if (mode === undefined || mode === 'replace') return counted(rows, 'row');
  const others = [
    ...(sum('updated') > 0 ? [`${count(sum('updated'))} changed`] : []),
    ...(sum('removed') > 0 ? [`${count(sum('removed'))} gone`] : []),
    ...(sum('unchanged') > 0 ? [`${count(sum('unchanged'))} there already`] : []),
  ];
  return [`${counted(sum('inserted'), 'row')} added`, ...others].join(', ');
}

/** Too many rows do not fit: there is something to look at, and something to declare. */
function nextOfBlocked(receipt: Receipt, again: string): string {
  return `${lookAtRows(receipt)}mend the file, or declare what it holds (--declare column=type), then: ${again}${lastResort(receipt)}`;
}

const CAUSE_WIDTH = 160;

/** Why a copy that was published is to be looked at, in the words of its guards. */
function attentionOf({ checks }: Receipt): string {
  const told = checks
    .filter(({ status }) => status !== 'passed')
    .map(({ name, sample: [sentence] }) =>
      sentence === undefined ? name : `${name.split(':')[0] ?? ''}: ${asFlags(sentence)}`,
    );
  return fitting(told, '; ', CAUSE_WIDTH, (left) => `and ${count(left)} more`);
}

/** What to type next: to ask the result, and to make a pipeline of the copy. */
function nextOfCopy({ run, tables }: Receipt): string {
  const copied = run.options?.copy;
  const [first] = tables.filter(({ destination }) => destination !== null);
  if (!copied || !first) return 'name other files, or another destination';
  const init = typedCommand(['init', pipelineName(first.name), `--from-run=${shortId(run.runId)}`]);
  return `${askCommand(copied, first.name)}   asks it; ${init}   makes it a pipeline`;
}

function pipelineName(table: string): string {
  return /^[a-z][a-z0-9_]*$/.test(table) ? table : 'my_copy';
}
