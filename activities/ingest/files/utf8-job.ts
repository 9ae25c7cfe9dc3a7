import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { decideEncoding, type DetectedEncoding } from './decide-encoding.ts';
import { EvidenceGatherer } from './encoding-evidence.ts';
import { markOf, type Encoding, type Mark } from './encoding-marks.ts';
import { NotInEncoding, transcoder } from './transcode.ts';

export type EncodingJob =
  | { readonly kind: 'detect'; readonly path: string }
  | {
      readonly kind: 'transcode';
      readonly path: string;
      readonly encoding: Exclude<Encoding, 'utf-8'>;
      /** Bytes of the byte-order mark. */
      readonly skip: number;
      readonly to: string;
    };

/** In words a thread can send. */
export type EncodingOutcome =
  | {
      readonly kind: 'detected';
      readonly detected: DetectedEncoding;
      readonly mark: Mark | undefined;
    }
  | { readonly kind: 'transcoded'; readonly bytes: number }
  | { readonly kind: 'invalid'; readonly offset: number; readonly what: string };

const PIECE = 1 << 20;

/** Reads a local file once, to tell its encoding or to write it as UTF-8. */
export function doEncodingJob(job: EncodingJob, onBytes: (bytes: number) => void): EncodingOutcome {
  return job.kind === 'detect' ? detect(job.path, onBytes) : transcodeFile(job, onBytes);
}

function detect(path: string, onBytes: (bytes: number) => void): EncodingOutcome {
  const gatherer = new EvidenceGatherer();
  eachPiece(path, 0, (piece, last, at) => {
    gatherer.add(piece, last);
    onBytes(at);
    // A mark says it all.
    return gatherer.evidence().mark === undefined;
  });
  const evidence = gatherer.evidence();
  return { kind: 'detected', detected: decideEncoding(evidence), mark: evidence.mark };
}

function transcodeFile(
  job: Extract<EncodingJob, { kind: 'transcode' }>,
  onBytes: (bytes: number) => void,
): EncodingOutcome {
  const to = openSync(job.to, 'wx', 0o600);
  let bytes = 0;
  try {
    const convert = transcoder(job.encoding, job.skip);
    eachPiece(job.path, job.skip, (piece, last, at) => {
      const text = convert.convert(piece, last);
      for (let done = 0; done < text.length;) done += writeSync(to, text, done);
      bytes += text.length;
      onBytes(at);
      return true;
    });
    return { kind: 'transcoded', bytes };
  } catch (error) {
    if (error instanceof NotInEncoding) return { kind: 'invalid', offset: error.offset, what: error.kind };
    throw error;
  } finally {
    closeSync(to);
  }
}

/** Gives the file piece by piece, the last of them empty, until `use` says no. A piece is valid during the call. */
function eachPiece(path: string, start: number, use: (piece: Buffer, last: boolean, at: number) => boolean): void {
  const from = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(PIECE);
    for (let at = start; ;) {
      const count = readSync(from, buffer, 0, PIECE, at);
      at += count;
      if (!use(buffer.subarray(0, count), count === 0, at) || count === 0) return;
    }
  } finally {
    closeSync(from);
  }
}

/** The byte-order mark of a local file. */
export function markOfFile(path: string): Mark | undefined {
  const from = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4);
    return markOf(head.subarray(0, readSync(from, head, 0, 4, 0)));
  } finally {
    closeSync(from);
  }
}
