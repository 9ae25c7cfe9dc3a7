import type { EncodingEvidence } from './encoding-evidence.ts';
import { wideByNuls, type Encoding } from './encoding-marks.ts';

/** How a file's text is encoded, as far as its bytes tell. */
export interface DetectedEncoding {
  readonly encoding: Encoding;
  /** `unsure`: readings that differ are as likely; it must be declared. */
  readonly confidence: 'certain' | 'likely' | 'unsure';
  readonly why: string;
}

/** Bytes that Windows-1252 leaves undefined: 0x81, 0x8d, 0x8f, 0x90, 0x9d. */
const UNDEFINED_1252 = [0x01, 0x0d, 0x0f, 0x10, 0x1d];

/**
 * Decides by the evidence of the whole file. A wrong guess of a single-byte encoding changes letters without a word, so
 * it is made only where every sign is for it; a wrong guess of UTF-8 shows, as broken lines in quarantine.
 */
export function decideEncoding(evidence: EncodingEvidence): DetectedEncoding {
  const { mark } = evidence;
  if (mark && mark.encoding !== 'utf-32') {
    return { encoding: mark.encoding, confidence: 'certain', why: 'it begins with a byte-order mark' };
  }
  const wide = wideByNuls({
    even: evidence.nulsEven,
    odd: evidence.nulsOdd,
    bytes: evidence.bytes,
    validUtf8: evidence.invalid === 0,
  });
  if (wide) return { encoding: wide, confidence: 'likely', why: 'every other byte is NUL as in UTF-16' };
  if (evidence.invalid === 0) {
    const why = evidence.multibyte > 0 ? 'all of it is valid UTF-8' : 'all of it is ASCII';
    return { encoding: 'utf-8', confidence: 'certain', why };
  }
  return isMostlyUtf8(evidence) ?? singleByte(evidence);
}

/** Of a line's usual hundred bytes, one line in a hundred; and always a few. */
function few(bytes: number): number {
  return Math.max(3, bytes / 10_000);
}

/** By chance hardly any two bytes of Western text make a character of UTF-8. */
const NEARLY_ALL = 100;

function isMostlyUtf8({ multibyte, invalid, bytes, firstInvalid }: EncodingEvidence): DetectedEncoding | undefined {
  if (multibyte === 0) return undefined;
  const why = `${multibyte} characters are valid UTF-8 and ${invalid} places are not, the first at byte ${firstInvalid}`;
  if (invalid <= multibyte || invalid <= few(bytes)) return { encoding: 'utf-8', confidence: 'likely', why };
  if (invalid >= multibyte * NEARLY_ALL) return undefined;
  return { encoding: 'utf-8', confidence: 'unsure', why: `${why}: it may be a mixture of encodings` };
}

function singleByte(evidence: EncodingEvidence): DetectedEncoding {
  const { bytes, invalid, firstInvalid, high, highCounts } = evidence;
  const against = againstWestern(evidence);
  if (against && invalid <= few(bytes)) {
    const why = `but for ${invalid} places, the first at byte ${firstInvalid}, all of it is ASCII`;
    return { encoding: 'utf-8', confidence: 'likely', why };
  }
  const windows = highCounts.slice(0, 32).some((count) => count > 0);
  const encoding = windows ? 'windows-1252' : 'iso-8859-1';
  if (against) return { encoding, confidence: 'unsure', why: `it is no UTF-8, and ${against}` };
  const why = `it is no UTF-8 (first at byte ${firstInvalid}), and its ${high} bytes above ASCII read as Western European text`;
  return { encoding, confidence: 'likely', why };
}

/** What speaks against Windows-1252 and ISO-8859-1. */
function againstWestern(evidence: EncodingEvidence): string | undefined {
  const { high, highRuns, highCounts, western, insideWords, oddInsideWords } = evidence;
  if (UNDEFINED_1252.some((index) => highCounts[index]! > 0)) {
    return 'it has bytes that Windows-1252 leaves undefined';
  }
  if (highRuns * 4 > high) return 'its bytes above ASCII come in long rows, unlike in Western European text';
  if (oddInsideWords * 5 > insideWords) return 'as Windows-1252 it would have signs in the middle of words';
  return western * 2 < high ? 'as Windows-1252 it would have letters and signs in unlikely places' : undefined;
}
