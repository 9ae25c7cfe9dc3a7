import { readPieces } from './read-pieces.ts';
import { RepetitionFinder } from './repetition.ts';
import { TagScanner } from './tag-scanner.ts';
import { recordsUnknown } from './xml-error.ts';

/**
 * The path of the record elements, found by looking at all the file's tags, some hundred megabytes a second: a long loop,
 * for threads. Where nothing repeats because there is nothing, it is one that finds no records. `name`: the file's, for
 * people. Error `SourceRefused`: which elements are the records cannot be told, with those that could be.
 */
export function findRecords(path: string, name: string): string {
  const finder = new RepetitionFinder();
  const scanner = new TagScanner(finder);
  readPieces(path, (bytes, base) => scanner.feed(bytes, base));
  const result = finder.result();
  if (result.kind === 'found') return result.path;
  if (result.kind === 'empty') return `${result.path}/record`;
  throw recordsUnknown(
    name,
    `Which elements of the document are its records cannot be told. ${result.why}`,
    result.candidates,
  );
}
