import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is known of an environment's embedded server beyond the life of its keeper: `server.json` beside its database.
 */
export interface ServerRecord {
  /** Taken again when free, so that links into the Web UI keep working. */
  readonly ports: Ports;
  readonly serverPid: number;
  readonly keeperPid: number;
  /** False while the database is being made: killed in the middle, it is thrown away and made again. */
  readonly databaseComplete: boolean;
  readonly searchAttributes: readonly string[];
}

export interface Ports {
  readonly grpc: number;
  readonly ui: number;
}

export const databaseFile = (environmentFolder: string) => join(environmentFolder, 'temporal.db');
export const logFile = (environmentFolder: string) => join(environmentFolder, 'temporal.log');
const recordFile = (environmentFolder: string) => join(environmentFolder, 'server.json');

/** The record; undefined where there is none that can be read. */
export function readRecord(environmentFolder: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(environmentFolder), 'utf8')) as ServerRecord;
  } catch {
    return undefined;
  }
}

export function writeRecord(environmentFolder: string, record: ServerRecord): void {
  const temporary = `${recordFile(environmentFolder)}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  renameSync(temporary, recordFile(environmentFolder));
}
