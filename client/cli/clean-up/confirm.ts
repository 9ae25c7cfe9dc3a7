import { createInterface } from 'node:readline/promises';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

/**
 * Asks a question that only `y` or `yes` answers with yes; an input that ends is a no.
 *
 * @throws CommandError (exit 130) for a Ctrl-C, which a terminal that is asked at gives to the question, and for `signal`
 */
export async function confirmed(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<boolean> {
  const asking = createInterface({ input, output });
  const interrupt = new AbortController();
  const ended = new AbortController();
  asking.once('SIGINT', () => interrupt.abort());
  asking.once('close', () => ended.abort());
  const interrupted = AbortSignal.any([signal, interrupt.signal]);
  try {
    const answer = await asking.question(`${question} [y/N] `, {
      signal: AbortSignal.any([interrupted, ended.signal]),
    });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (interrupted.aborted) throw new CommandError(EXIT.interrupted, '\nInterrupted; nothing was removed.');
    if (ended.signal.aborted) return false;
    throw error;
  } finally {
    asking.close();
  }
}
