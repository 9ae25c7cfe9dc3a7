import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { ByteSink } from './byte-sink.ts';
import { CanonicalWriter, writeRow } from './canonical.ts';
import { readThrough } from './read-through.ts';
import { recordText } from './record-text.ts';
import type { SplitJob, SplitSummary } from './split-job.ts';
import { Tokenizer } from './tokenizer.ts';

/** Bytes between two words on progress. */
const STEP = 8 << 20;

/** Splits a file into its good and its broken records. Blocks: it is the whole work of a thread. */
export function splitRecords(job: SplitJob, onProgress: (bytes: number, rows: number) => void): SplitSummary {
  const open: number[] = [];
  const opened = (path: string, flags: string): number => {
    const file = openSync(path, flags, 0o600);
    open.push(file);
    return file;
  };
  try {
    const source = opened(job.path, 'r');
    const good = new ByteSink(writerTo(opened(job.goodPath, 'wx')));
    const broken = new ByteSink(writerTo(opened(job.brokenPath, 'wx')), 1 << 16);
    const canonical = new CanonicalWriter(good, job.projection, job.dialect);

    let records = -1;
    let brokenRecords = 0;
    let longestBroken = 0;
    const tokenizer = new Tokenizer(job.dialect, (record) => {
      records += 1;
      if (records === 0) return;
      if (record.defect === undefined) {
        canonical.row(record);
        return;
      }
      brokenRecords += 1;
      const text = recordText(record.bytes, record.start, record.end);
      longestBroken = Math.max(longestBroken, writeRow(broken, [record.line, record.offset], [record.defect, text]));
    });

    let told = 0;
    readThrough(
      tokenizer,
      (into) => readSync(source, into),
      (bytes) => {
        if (bytes - told < STEP) return;
        told = bytes;
        onProgress(bytes, Math.max(records, 0));
      },
    );
    good.flush();
    broken.flush();
    records = Math.max(records, 0);
    return {
      records,
      good: records - brokenRecords,
      broken: brokenRecords,
      escaped: canonical.escaped,
      longestRow: Math.max(canonical.longest, longestBroken),
    };
  } finally {
    for (const file of open) closeSync(file);
  }
}

function writerTo(file: number): (piece: Uint8Array) => void {
  return (piece) => {
    for (let done = 0; done < piece.length;) done += writeSync(file, piece, done);
  };
}
