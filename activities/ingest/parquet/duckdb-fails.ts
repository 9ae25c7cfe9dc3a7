import { AcequiaError } from '../../failure/acequia-error.ts';
import { sourceCorrupt } from '../files/corrupt.ts';

/** What DuckDB says when the fault is not the file's. */
const NOT_THE_FILE =
  /^(Out of Memory|INTERRUPT|FATAL|INTERNAL|Permission)|No space left|Could not (write|create|open)/i;

/** Runs a step of reading a Parquet file. Error `SourceCorrupt`: DuckDB cannot read it. */
export async function duckdbFails<Result>(name: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof AcequiaError || error.name === 'AbortError') throw error;
    if (NOT_THE_FILE.test(error.message)) throw error;
    // The message may quote values.
    const [kind = ''] = error.message.split(':');
    throw sourceCorrupt(name, 'The Parquet file is damaged.', `DuckDB stops reading it: ${kind.slice(0, 60)}.`, error);
  }
}
