import { readFileSync } from 'node:fs';

/**
 * Reads where runs are killed: a block a run, which is killed at one point after another and carried on each time. The points
 * of a block stand in the order of a run; of stages that run side by side, only one is in it.
 */
export function killPoints(file: string): { readonly at: readonly string[] }[] {
  const blocks = readFileSync(file, 'utf8').trim().split('\n\n');
  return blocks.map((block) => ({ at: block.split('\n') }));
}
