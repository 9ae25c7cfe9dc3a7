import { open } from 'node:fs/promises';
import { openPromise } from 'yauzl';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { guessWide, markOf } from './encoding-marks.ts';
import type { Compression, FileFormat } from '../../files/file-format.ts';
import { refusedAsBinary, refusedBySignature, textFormat, type Refusal } from './looks-like.ts';
import { unreadable } from '../../files/found-file.ts';

/** Bytes of a file's start that are looked at. */
export const HEAD_BYTES = 64 * 1024;

/** What a file's bytes say it is, whatever its name. */
export interface Sniffed {
  readonly compression: Compression;
  /** What it may be, the likeliest first; none where it is packed, or refused. */
  readonly formats: readonly FileFormat[];
  /** Its content alone decides; else its name may choose among `formats`. */
  readonly sure: boolean;
  /** It is something that is not read here. */
  readonly refusal?: Refusal;
}

/**
 * Looks at a local file's head, at its tail for Parquet, and at the list of a zip archive, which may be a workbook.
 * Errors: `SourceUnreadable`; `SourceCorrupt` for a Parquet file or zip archive that ends early.
 */
export async function sniffFile(path: string, name: string): Promise<Sniffed> {
  const { head, tail, bytes } = await endsOf(path);
  const start = head.subarray(0, 4).toString('hex');
  if (start.startsWith('1f8b')) return packed('gzip');
  // A zstd frame, or one of the frames that decoders skip and that may stand first.
  if (start === '28b52ffd' || /^5.2a4d18$/.test(start)) return packed('zstd');
  if (start === '504b0304' || start === '504b0506') return sniffZip(path, name);
  const refusal = refusedBySignature(head);
  if (refusal) return refused(refusal);
  const ends = tail.toString('latin1');
  if (start === '50415231' || start === '50415245') {
    if (bytes >= 12 && ends === 'PAR1') return { compression: 'none', formats: ['parquet'], sure: true };
    if (ends === 'PARE' || start === '50415245') return refused(ENCRYPTED_PARQUET);
    if (head.subarray(4).includes(0)) throw cutParquet(name);
  }
  return sniffText(head, head.length === bytes);
}

/** The same for text and anything else that is known by its first bytes. */
export function sniffText(head: Buffer, whole: boolean): Sniffed {
  const mark = markOf(head);
  if (mark?.encoding === 'utf-32') return refused(UTF_32);
  const wide = mark?.encoding ?? guessWide(head);
  const body = head.subarray(mark?.bytes ?? 0);
  if (wide === undefined || wide === 'utf-8') {
    const refusal = refusedAsBinary(body);
    if (refusal) return refused(refusal);
  }
  const likeness = textFormat(headText(body, wide), whole);
  return {
    compression: 'none',
    formats: likeness.refusal ? [] : likeness.formats,
    sure: likeness.sure,
    ...(likeness.refusal ? { refusal: likeness.refusal } : {}),
  };
}

/** To look at only: what is broken stands there as replacement characters. */
function headText(head: Buffer, encoding: string | undefined): string {
  if (encoding === 'utf-16le') return head.toString('utf16le');
  if (encoding !== 'utf-16be') return head.toString('utf8');
  return Buffer.from(head.subarray(0, head.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** Documents that are zip archives, by an entry each of them has. */
const ZIP_DOCUMENTS: readonly (readonly [entry: string, what: string])[] = [
  ['xl/workbook.bin', 'a binary Excel workbook (.xlsb)'],
  ['word/document.xml', 'a Word document (.docx)'],
  ['ppt/presentation.xml', 'a PowerPoint document (.pptx)'],
  ['META-INF/manifest.xml', 'an OpenDocument file (.ods, .odt)'],
  ['META-INF/MANIFEST.MF', 'a Java archive'],
];

async function sniffZip(path: string, name: string): Promise<Sniffed> {
  try {
    const zip = await openPromise(path, { decodeStrings: false });
    let looked = 0;
    for await (const entry of zip.eachEntry()) {
      const entryName = entry.fileNameRaw.toString('latin1');
      if (entryName === 'xl/workbook.xml') return { compression: 'none', formats: ['excel'], sure: true };
      const document = ZIP_DOCUMENTS.find(([known]) => known === entryName);
      if (document) {
        return refused({ what: document[1], remedy: 'save the data as an Excel workbook (.xlsx) or as CSV (UTF-8)' });
      }
      looked += 1;
      if (looked === 1_000) break;
    }
    return packed('zip');
  } catch (error) {
    throw new AcequiaError('SourceCorrupt', {
      what: 'The zip archive or workbook cannot be read: its list of entries is broken or missing.',
      where: name,
      why: error instanceof Error ? error.message : String(error),
      remedy: 'it may have been cut off on the way: fetch or export it again',
      cause: error,
    });
  }
}

const UTF_32: Refusal = { what: 'text in UTF-32', remedy: 'convert it, for example: iconv -f UTF-32 -t UTF-8' };
const ENCRYPTED_PARQUET: Refusal = { what: 'an encrypted Parquet file', remedy: 'give the file without encryption' };

function packed(compression: Compression): Sniffed {
  return { compression, formats: [], sure: true };
}

function refused(refusal: Refusal): Sniffed {
  return { compression: 'none', formats: [], sure: true, refusal };
}

function cutParquet(name: string): AcequiaError {
  return new AcequiaError('SourceCorrupt', {
    what: 'The Parquet file has no end: its last four bytes are not PAR1.',
    where: name,
    why: 'It begins as a Parquet file does, and its description stands at the end.',
    remedy: 'it may have been cut off on the way, or its writer did not finish: fetch or export it again',
  });
}

async function endsOf(path: string): Promise<{ head: Buffer; tail: Buffer; bytes: number }> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const head = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const tail = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
      return {
        head: head.buffer.subarray(0, head.bytesRead),
        tail: tail.buffer.subarray(0, tail.bytesRead),
        bytes: size,
      };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}
