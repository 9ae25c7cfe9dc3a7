import type { Receipt } from '../../../workflows/receipt.ts';
import type { RunDifference, TableDifference } from '../../../workflows/difference.ts';
import { count, counted } from '../figures.ts';
import { shortId } from '../runs/stored-runs.ts';
import { shellWords } from '../shell-words.ts';
import { failureVerdict, verdictOf, verdictText } from '../verdict-lines.ts';
import { countsOf } from './difference-text.ts';

/** The last three lines of a replay that has compared: verdict, cause, next command. @param again the same command */
export function differenceVerdict(
  receipt: Receipt,
  { tables }: RunDifference,
  { again, receipt: file }: { readonly again: string; readonly receipt: string },
): string {
  const { run, error } = receipt;
  if (error) return verdictText(failureVerdict(`replay of ${run.pipeline}`, error.message, again));
  const differing = tables.filter(differs);
  const what = `${run.pipeline}: ${
    differing.length === 0
      ? 'nothing differs'
      : `${counted(differing.length, 'table')} of ${count(tables.length)} ${differing.length === 1 ? 'differs' : 'differ'}`
  }`;
  if (run.outcome === 'blocked') {
    const { cause } = verdictOf(receipt, again, file);
    const verdict = `${what}; today a check would block it`;
    return verdictText({
      verdict,
      cause,
      next: `mend the definition (the query behind the check is in ${file}), then: ${again}`,
    });
  }
  const [first] = [...differing].sort((a, b) => size(b) - size(a));
  return verdictText({
    verdict: `${what}; nothing was published, as always by a replay`,
    cause: first
      ? `most in ${first.name}: ${countsOf(first)}${first.structure > 0 ? `, ${counted(first.structure, 'column')} of another kind` : ''}`
      : `today's definition makes of the input of run ${shortId(receipt.replay?.runId ?? '')} what was published then`,
    next: first ? nextOf(run, again) : again,
  });
}

export function differs(table: TableDifference): boolean {
  return size(table) > 0 || table.structure > 0;
}

function size({ added, removed, changed }: TableDifference): number {
  return added + removed + changed;
}

/** Where it is as it should be, it is to be published; a copy has its own command for that. */
function nextOf({ pipeline, environment, options }: Receipt['run'], again: string): string {
  if (options?.copy) return `${again} --json   has all of it`;
  return `where that is as it should be: npm run start-workflow ${shellWords([pipeline, '--', `--env=${environment}`])}`;
}
