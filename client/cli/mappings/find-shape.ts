import type { UnknownShape } from '../../../activities/mappings/unknown-shapes.ts';
import { closest } from '../../../workflows/definition/closest.ts';
import { usageError } from '../command-error.ts';
import { typedCommand } from '../shell-words.ts';
import type { MappingDesk } from './mapping-desk.ts';

/** A shape by its id, or by as much of it as no other has. */
export function shapeNamed(word: string, { shapes }: Pick<MappingDesk, 'shapes'>): UnknownShape | undefined {
  const found = shapes.filter(({ id }) => id === word || (word.length > 3 && id.startsWith(word)));
  return found.length === 1 ? found[0] : undefined;
}

/** @throws CommandError (exit 2) where there is none of that id */
export function requireShape(word: string, desk: Pick<MappingDesk, 'shapes' | 'pipeline'>): UnknownShape {
  const found = shapeNamed(word, desk);
  if (found) return found;
  throw nothingCalled(
    word,
    'shape',
    desk.shapes.map(({ id }) => id),
    desk.pipeline,
  );
}

export function nothingCalled(word: string, what: string, names: readonly string[], pipeline: string) {
  return usageError(
    `There is no ${what} "${word}" in ${pipeline}.${closest(word, names)}`,
    `${typedCommand(['mappings', 'list'])}   shows those there are`,
  );
}
