/** What has to be undone when set-up is interrupted in the middle. */
const undoing = new Set();

/**
 * Registers what undoes something begun.
 * @param {() => void} undo must work at once, without waiting for anything
 * @returns {() => void} to call when it need not be undone any more
 */
export function onWayOut(undo) {
  undoing.add(undo);
  return () => undoing.delete(undo);
}

const interrupts = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Runs `work`; on Ctrl-C and its like undoes what is registered, last things first, and ends the process.
 * @param {() => Promise<void>} work
 * @param {() => void} last
 */
export async function interruptible(work, last) {
  const listeners = Object.entries(interrupts).map(([signal, exitCode]) => {
    const listener = () => {
      for (const undo of [...undoing].reverse()) undo();
      last();
      process.exit(exitCode);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  try {
    await work();
  } finally {
    for (const stop of listeners) stop();
  }
}
