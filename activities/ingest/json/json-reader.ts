import type { FormatReader } from '../rows/format-reader.ts';
import { JsonLinesParser } from './json-lines-parser.ts';
import { JsonLinesSplitter } from './json-lines-splitter.ts';
import { JsonParser } from './json-parser.ts';
import { JsonSplitter } from './json-splitter.ts';

/**
 * JSON Lines: a record a line. Of both JSON formats: `null` and a missing key are both NULL; an empty list makes no rows,
 * and is not told from a missing one unless it is kept as JSON text; numbers are carried as they are written.
 */
export const jsonLinesReader: FormatReader<{ readonly kind: 'jsonl' }> = {
  createSplitter: (_format, options) => new JsonLinesSplitter(options),
  createParser: (_format, parsing) => new JsonLinesParser(parsing),
};

/** JSON documents, one or several in a file: a list of records, one record, or a list at a path inside. */
export const jsonReader: FormatReader<{ readonly kind: 'json'; readonly records: string }> = {
  createSplitter: (format, options) => new JsonSplitter(format, options),
  createParser: (_format, parsing) => new JsonParser(parsing),
};
