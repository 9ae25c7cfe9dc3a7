import type { RunOptions } from '../../workflows/definition/index.ts';
import { runOptionsSchema } from '../../workflows/definition/run-options-schema.ts';
import { describeProblems } from '../../workflows/definition/schema.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/**
 * A run's options as the plan may take them. The command line has checked its own; a run may also be started from the
 * Web UI or by a schedule, with options that somebody typed. Throws `DefinitionInvalid` with every problem.
 */
export function requireOptions(options: RunOptions): RunOptions {
  const parsed = runOptionsSchema.safeParse(options);
  if (parsed.success) return options;
  throw new AcequiaError('DefinitionInvalid', {
    what: `The options of the run mean nothing:\n${describeProblems(parsed.error)
      .map((problem) => `    ${problem}`)
      .join('\n')}`,
    where: "the run's input: options",
    remedy: 'start it again with other options; npm run acequia -- help start-workflow lists them',
  });
}
