import { say, step } from './say.mjs';
import { SetUpError } from './set-up-error.mjs';

/**
 * One way to get a thing.
 * @typedef {object} Way
 * @property {string} name as a person would call it
 * @property {string} command what a person would type to go the same way by hand
 * @property {string} expected how long it may take
 * @property {() => string | undefined} cannot why this way is closed on this machine, or undefined when it is open
 * @property {() => Promise<void>} go goes it; throws when it leads nowhere
 */

/**
 * Goes the ways in their order until one arrives. When none does, the error lists what was tried, why
 * each failed, and everything a person can do about it.
 * @param {{ what: string, why: string, sought?: string[], ways: Way[], byHand?: string[], exitCode?: number }} search
 *   `sought`: places that were looked at before; `byHand`: further remedies that set-up cannot do itself
 */
export async function tryWays({ what, why, sought = [], ways, byHand = [], exitCode }) {
  const tried = [...sought];
  for (const way of ways) {
    const closed = way.cannot();
    if (closed) {
      tried.push(`${way.name}: ${closed}`);
      continue;
    }
    try {
      await step(`getting ${what}, ${why}: ${way.name}`, way.expected, way.go);
      return;
    } catch (error) {
      tried.push(`${way.name}: ${error.message}`);
      say(`  that did not work: ${error.message}`);
    }
  }
  throw new SetUpError(
    failureText({ what, why, tried, remedies: [...byHand, ...ways.map((way) => way.command)] }),
    exitCode,
  );
}

function failureText({ what, why, tried, remedies }) {
  return [
    `${what}, ${why}, is missing, and none of the ways to get it worked.`,
    'Tried, in this order:',
    ...tried.map((line, index) => `  ${index + 1}. ${line}`),
    'Any one of these mends it; then run the same command again:',
    ...remedies.map((line) => `  - ${line}`),
  ].join('\n');
}
