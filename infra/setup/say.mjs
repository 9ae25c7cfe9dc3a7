/**
 * What set-up tells the person. Everything goes to standard error, because standard output may be a
 * JSON document; nothing is said when nothing needs doing.
 */

const signOfLifeMs = 15_000;

/** Prints one plain line. */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

/** `3.2 s`, `4 min 10 s`. */
export function spokenDuration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Announces a step, shows a sign of life every 15 seconds while it lasts, and says how long it took.
 * @param {string} what what is being done and why, as one line
 * @param {string} expected how long it may take
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 */
export async function step(what, expected, work) {
  say(`${what} (${expected})`);
  const started = Date.now();
  const signOfLife = setInterval(
    () => say(`  … still at it after ${spokenDuration(Date.now() - started)}`),
    signOfLifeMs,
  );
  try {
    const result = await work();
    say(`  done in ${spokenDuration(Date.now() - started)}`);
    return result;
  } finally {
    clearInterval(signOfLife);
  }
}
