import type { DatabaseReference } from '../../workflows/definition/index.ts';
import type { ScanSettings } from '../ingest/files/scan.ts';
import { databaseUrl } from '../postgres/database-url.ts';

/** The part of a worker's settings that leads to databases, and decides how files are read. */
export interface DrainSettings {
  /** clamd, where files are scanned for malware. */
  readonly scan?: ScanSettings;
  /** In which connections are looked up. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The URL of a database of the environment's own, filled by a SQL file (absolute path) when it is first asked for. */
  readonly sampleDatabase?: (name: string, sqlFile: string, signal: AbortSignal) => Promise<string>;
}

/** The URL of a database, which must never be logged, nor be part of a message. Errors: `SettingMissing`, `DefinitionInvalid`. */
export async function urlOf(
  { name, database }: { readonly name: string; readonly database: DatabaseReference },
  { variables, sampleDatabase }: DrainSettings,
  signal: AbortSignal,
): Promise<string> {
  const { setting, sample } = database;
  if (sample === undefined || !sampleDatabase) return databaseUrl(database, name, variables, signal);
  return sampleDatabase((setting ?? name).toLowerCase(), sample, signal);
}
