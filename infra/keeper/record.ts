import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is known of every embedded server beyond the life of its keeper: `server.json` in the folder of its state. */
export interface ProcessRecord {
  readonly serverPid: number;
  readonly keeperPid: number;
}

const recordFile = (folder: string) => join(folder, 'server.json');

/** The record of a folder's server; undefined where there is none that can be read. */
export function readRecordIn<Kind extends ProcessRecord>(folder: string): Kind | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(folder), 'utf8')) as Kind;
  } catch {
    return undefined;
  }
}

export function writeRecordIn<Kind extends ProcessRecord>(folder: string, record: Kind): void {
  const temporary = `${recordFile(folder)}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  renameSync(temporary, recordFile(folder));
}
