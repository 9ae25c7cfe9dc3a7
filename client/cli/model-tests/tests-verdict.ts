import type { PipelineTests } from '../../../activities/model-test/test-result.ts';
import { count } from '../figures.ts';
import { fitting } from '../key-list.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { shellWords, typedCommand } from '../shell-words.ts';
import { verdictText } from '../verdict-lines.ts';

const CAUSE_WIDTH = 130;

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Tests that have a problem themselves, and pipelines and files that have one. */
  readonly invalid: number;
}

export function countTests(done: readonly PipelineTests[]): TestCounts {
  const all = done.flatMap(({ tests }) => tests);
  const withStatus = (status: string): number => all.filter((test) => test.status === status).length;
  return {
    passed: withStatus('passed'),
    failed: withStatus('failed'),
    invalid: withStatus('invalid') + done.filter(({ problem }) => problem !== null).length,
  };
}

/** `1 failed, 5 passed` */
export function countsText({ passed, failed, invalid }: TestCounts): string {
  const kinds = [
    [invalid, 'cannot be run'],
    [failed, 'failed'],
    [passed, 'passed'],
  ] as const;
  const there = kinds.filter(([amount]) => amount > 0);
  return there.map(([amount, word]) => `${count(amount)} ${word}`).join(', ');
}

/** The last three lines: verdict, cause, next command. @param asked whether it was cut off, and the pipelines that were named */
export function testsVerdict(
  done: readonly PipelineTests[],
  asked: { readonly interrupted: boolean; readonly pipelines: readonly string[] },
): string {
  const counts = countTests(done);
  const again = typedCommand(['test', ...asked.pipelines]);
  const verdict = `model tests: ${countsText(counts) || 'there are none'}`;
  if (asked.interrupted) return verdictText({ verdict: `${verdict}; interrupted`, cause: 'Ctrl-C', next: again });
  if (counts.failed + counts.invalid > 0) {
    const broken = done.filter(isBroken).map(({ pipeline }) => pipeline);
    const next = `mend the model or its test, then: ${typedCommand(['test', ...broken])}`;
    return verdictText({ verdict, cause: causeOf(done), next });
  }
  if (counts.passed === 0)
    return [example(done), verdictText({ verdict, cause: noneThere(done), next: again })].join('\n');
  const tested = done.filter(({ tests }) => tests.length > 0).map(({ pipeline }) => pipeline);
  return verdictText({
    verdict,
    cause: 'every model that is tested made the rows that were expected of it',
    next: `npm run start-workflow ${shellWords(tested)}`,
  });
}

function isBroken({ problem, tests }: PipelineTests): boolean {
  return problem !== null || tests.some(({ status }) => status !== 'passed');
}

function causeOf(done: readonly PipelineTests[]): string {
  const named = done.flatMap(({ pipeline, problem, tests }) => [
    ...(problem === null ? [] : [`${pipeline}: its definition has a problem`]),
    ...tests
      .filter(({ status }) => status !== 'passed')
      .map(({ model, name, where }) => `${pipeline}/${model}: ${terminalText(name ?? where)}`),
  ]);
  return fitting(named, '; ', CAUSE_WIDTH, (left) => `and ${count(left)} more`);
}

function noneThere(done: readonly PipelineTests[]): string {
  const folders = done.map(({ pipeline }) => `pipelines/${pipeline}/models/`);
  return `no file <model>.test.ts is in ${folders.join(', ') || 'pipelines/'}`;
}

/** How to write the first one. */
function example([first]: readonly PipelineTests[]): string {
  return `A test of a model, in pipelines/${first?.pipeline ?? '<pipeline>'}/models/<model>.test.ts (more in docs/model-tests.md):

    import { modelTest } from '../../../workflows/definition/index.ts';

    export default [
      modelTest('what it claims', {
        given: { 'source.<table>': [{ <column>: 'value' }] },
        expect: [{ <column>: 'value' }],
      }),
    ];
`;
}
