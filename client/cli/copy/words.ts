import { closest } from '../../../workflows/definition/closest.ts';
import { usageError } from '../command-error.ts';

/** One of some words, or nothing where nothing is given. @throws CommandError (exit 2) */
export function oneWord<Word extends string>(
  flag: string,
  given: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (given === undefined) return undefined;
  const known = words.find((candidate) => candidate === given);
  if (known) return known;
  throw usageError(`--${flag} "${given}" is unknown.${closest(given, words)}`, `use one of: ${words.join(', ')}`);
}
