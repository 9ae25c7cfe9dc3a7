import { join } from 'node:path';
import { readRecordIn, writeRecordIn, type ProcessRecord } from '../keeper/record.ts';

/**
 * What is known of an environment's embedded server beyond the life of its keeper: `server.json` beside its database.
 */
export interface ServerRecord extends ProcessRecord {
  /** Taken again when free, so that links into the Web UI keep working. */
  readonly ports: Ports;
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

/** The record; undefined where there is none that can be read. */
export function readRecord(environmentFolder: string): ServerRecord | undefined {
  return readRecordIn<ServerRecord>(environmentFolder);
}

export function writeRecord(environmentFolder: string, record: ServerRecord): void {
  writeRecordIn(environmentFolder, record);
}
