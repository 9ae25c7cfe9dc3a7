import { EXIT } from './exit-codes.ts';

/** npm and the terminal both hand on one Ctrl-C; what comes this soon is the same one. */
const SAME_PRESS_MS = 400;

export interface Interrupts {
  /** Aborted by the first Ctrl-C (or a SIGTERM): wind down. */
  readonly signal: AbortSignal;
  stopListening(): void;
}

/**
 * Listens for Ctrl-C. The first winds down, a second leaves at once.
 *
 * @param leave replaces `process.exit` in tests
 */
export function listenForInterrupts(
  leave: (code: number) => void = (code) => process.exit(code),
  now: () => number = Date.now,
): Interrupts {
  const controller = new AbortController();
  let first: number | undefined;
  const listener = (): void => {
    if (first === undefined) {
      first = now();
      controller.abort();
    } else if (now() - first > SAME_PRESS_MS) leave(EXIT.interrupted);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return {
    signal: controller.signal,
    stopListening: () => signals.forEach((signal) => process.off(signal, listener)),
  };
}
