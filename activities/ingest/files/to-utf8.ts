import { rm, stat } from 'node:fs/promises';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { DetectedEncoding } from './decide-encoding.ts';
import { encodingNamed, type Encoding, type Mark } from './encoding-marks.ts';
import { sourceEmpty } from '../../files/found-file.ts';
import { inThread } from '../threads/in-thread.ts';
import { doEncodingJob, markOfFile, type EncodingJob, type EncodingOutcome } from './utf8-job.ts';

/** A local file whose text is UTF-8 from `textStart` on. */
export interface Utf8Text {
  readonly path: string;
  /** Bytes of the file at `path`. */
  readonly bytes: number;
  /** 3 where the file begins with a byte-order mark, which is not text; else 0. */
  readonly textStart: number;
  /** What the file was. Lines of a UTF-8 file may be broken: readers find them. */
  readonly encoding: DetectedEncoding;
}

export interface ToUtf8Request {
  readonly path: string;
  /** For people. */
  readonly name: string;
  /** A person's word, or `auto`. */
  readonly declared: string;
  /** A new file, made only where the text is not UTF-8 yet. */
  readonly to: string;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Files up to this size are looked at where we are: starting a thread takes longer. */
const THREAD_FROM = 4 << 20;

/**
 * Gives a text file as UTF-8. UTF-8 stays where it is, without a copy; other text goes to `to`, without its mark.
 * Errors: `SourceEncoding` where it cannot be told, contradicts what is declared, or is not valid in its encoding;
 * `SourceEmpty` for nothing but a mark; `DefinitionInvalid` for an encoding that is not known.
 */
export async function toUtf8(request: ToUtf8Request): Promise<Utf8Text> {
  const { path, name, to } = request;
  const { size: bytes } = await stat(path);
  const { encoding, mark } = await settle(request, bytes);
  const textStart = mark?.bytes ?? 0;
  if (bytes <= textStart) throw sourceEmpty(name, 'The file is empty: a byte-order mark and nothing else.');
  const { encoding: from } = encoding;
  if (from === 'utf-8') return { path, bytes, textStart, encoding };
  const outcome = await run({ kind: 'transcode', path, encoding: from, skip: textStart, to }, bytes, request);
  if (outcome.kind === 'transcoded') return { path: to, bytes: outcome.bytes, textStart: 0, encoding };
  await rm(to, { force: true });
  throw notValid(name, from, outcome, request.declared);
}

async function settle(
  request: ToUtf8Request,
  bytes: number,
): Promise<{ encoding: DetectedEncoding; mark: Mark | undefined }> {
  const { declared, name, path } = request;
  if (declared !== 'auto') return settleDeclared(declared, name, markOfFile(path), () => detect(request, bytes));
  const { detected, mark } = await detect(request, bytes);
  if (detected.confidence !== 'unsure') return { encoding: detected, mark };
  throw new AcequiaError('SourceEncoding', {
    what: 'The encoding of the text cannot be told.',
    where: name,
    why: `${detected.why[0]!.toUpperCase()}${detected.why.slice(1)}.`,
    remedy: `declare it, as in encoding: 'windows-1252' (or 'utf-8', 'iso-8859-1', 'utf-16le', 'utf-16be'); for any other: iconv -f ENCODING -t UTF-8`,
  });
}

/** A declared encoding wins; only a byte-order mark contradicts it. */
async function settleDeclared(
  declared: string,
  name: string,
  mark: Mark | undefined,
  detected: () => Promise<{ detected: DetectedEncoding }>,
): Promise<{ encoding: DetectedEncoding; mark: Mark | undefined }> {
  const named = encodingNamed(declared);
  if (!named) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `There is no encoding "${declared}" here.`,
      where: name,
      remedy: `use 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252' or 'iso-8859-1', or convert the file: iconv -f ENCODING -t UTF-8`,
    });
  }
  if (mark && mark.encoding !== named && !(named === 'utf-16' && mark.encoding.startsWith('utf-16'))) {
    throw new AcequiaError('SourceEncoding', {
      what: `The text is declared as ${named}, and begins with the byte-order mark of ${mark.encoding}.`,
      where: name,
      remedy: 'leave the encoding undeclared, or declare what the file is',
    });
  }
  const encoding = named === 'utf-16' ? await byteOrder(mark, detected) : named;
  return { encoding: { encoding, confidence: 'certain', why: 'it is declared' }, mark };
}

/** Without a mark the NULs tell; without those it is little-endian, as nearly all is. */
async function byteOrder(
  mark: Mark | undefined,
  detected: () => Promise<{ detected: DetectedEncoding }>,
): Promise<Encoding> {
  const encoding = mark?.encoding ?? (await detected()).detected.encoding;
  return encoding === 'utf-16be' ? 'utf-16be' : 'utf-16le';
}

async function detect(request: ToUtf8Request, bytes: number): Promise<Extract<EncodingOutcome, { kind: 'detected' }>> {
  const outcome = await run({ kind: 'detect', path: request.path }, bytes, request);
  if (outcome.kind === 'detected') return outcome;
  throw new Error(`Detection ended as ${outcome.kind}.`);
}

async function run(job: EncodingJob, bytes: number, request: ToUtf8Request): Promise<EncodingOutcome> {
  request.signal.throwIfAborted();
  if (bytes < THREAD_FROM) return doEncodingJob(job, request.onBytes);
  return inThread('activities/ingest/files/utf8.thread.ts', job, request.onBytes, request.signal);
}

function notValid(name: string, encoding: Encoding, outcome: EncodingOutcome, declared: string): AcequiaError {
  const place = outcome.kind === 'invalid' ? `At byte ${outcome.offset} stands ${outcome.what}.` : outcome.kind;
  return new AcequiaError('SourceEncoding', {
    what: `The text is not valid ${encoding}.`,
    where: name,
    why: `${place} ${declared === 'auto' ? 'The encoding was found by looking at all of the file.' : 'The encoding is declared.'}`,
    remedy: `export the file again as UTF-8${declared === 'auto' ? ', or declare its encoding' : ', or declare another encoding'}`,
  });
}
