import { runTests } from '../../../activities/model-test/run-tests.ts';
import type { PipelineTests } from '../../../activities/model-test/test-result.ts';
import { EXIT, worst, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { namedOrAll } from '../known-names.ts';
import { colorsFor } from '../terminal.ts';
import { resultText } from './result-text.ts';
import { countTests, countsText, testsVerdict } from './tests-verdict.ts';

export interface TestArguments {
  /** None: all there are. */
  readonly pipelines: readonly string[];
  readonly json: boolean;
  /** Absolute path. */
  readonly pipelinesFolder: string;
}

/** `acequia test`: runs the tests that stand beside the models. Reads no data, and is the same in every environment. */
export async function testModels({ pipelines, json, pipelinesFolder }: TestArguments): Promise<ExitCode> {
  const interrupts = listenForInterrupts();
  const { signal } = interrupts;
  const colors = colorsFor(process.stdout);
  const say = (text: string): void => {
    if (!json) process.stdout.write(`${text}\n`);
  };
  const done: PipelineTests[] = [];
  try {
    for (const pipeline of namedOrAll(pipelines, pipelinesFolder)) {
      const tests = await runTests(pipelinesFolder, pipeline, { signal, report: () => undefined });
      done.push(tests);
      for (const text of resultText(tests, colors)) say(text);
      say(
        `${pipeline}: ${tests.tests.length === 0 && !tests.problem ? 'no model tests' : countsText(countTests([tests]))}`,
      );
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    interrupts.stopListening();
  }
  const interrupted = signal.aborted;
  if (json) process.stdout.write(`${JSON.stringify({ ...countTests(done), interrupted, pipelines: done }, null, 2)}\n`);
  else say(testsVerdict(done, { interrupted, pipelines }));
  return interrupted ? EXIT.interrupted : worst(done.map(exitCodeOf));
}

function exitCodeOf({ problem, tests }: PipelineTests): ExitCode {
  if (problem !== null || tests.some(({ status }) => status === 'invalid')) return EXIT.usage;
  return tests.some(({ status }) => status === 'failed') ? EXIT.failed : EXIT.done;
}
