import { readPieces } from './read-pieces.ts';
import type { RecordPath } from './record-path.ts';
import { RecordScanner } from './record-scanner.ts';
import { TagScanner } from './tag-scanner.ts';
import type { XmlStart } from './xml-parser.ts';

const VERSION = /^(?:\xEF\xBB\xBF)?<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.1["']/;

/** How things stand around a document's first record: what a reader that begins behind it must know. */
export function startAtRecords(path: string, records: RecordPath): Omit<XmlStart, 'line'> {
  const scanned = new RecordScanner(records);
  const scanner = new TagScanner(scanned);
  let version: XmlStart['version'] | undefined;
  readPieces(path, (bytes, base) => {
    version ??= VERSION.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1')) ? '1.1' : '1.0';
    const taken = scanner.feed(bytes, base);
    return scanned.openSince !== undefined || scanned.take() !== undefined ? undefined : taken;
  });
  return { around: scanned.around, version: version ?? '1.0' };
}
