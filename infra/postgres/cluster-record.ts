import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessRecord } from '../keeper/record.ts';
import { isPassable, unprivilegedUser } from './unprivileged-user.ts';

/** The user of the embedded Postgres: the owner of everything in it. */
export const ownerName = 'acequia';

/** What is known of an environment's embedded Postgres beyond the life of its keeper: `server.json` in its folder. */
export interface ClusterRecord extends ProcessRecord {
  /** Taken again when free. */
  readonly port: number | undefined;
  /** Full path of Postgres' data folder. */
  readonly data: string;
  /** False while the data folder is being made: killed in the middle, it is thrown away and made again. */
  readonly complete: boolean;
}

/** The folder of an environment's embedded Postgres: record, password and log, and the data where that may lie here. */
export const postgresFolder = (environmentFolder: string) => join(environmentFolder, 'postgres');
export const logFile = (folder: string) => join(folder, 'postgres.log');
export const passwordFile = (folder: string) => join(folder, 'password');

/** @throws where there is none: the server has never been up */
export function readPassword(folder: string): string {
  return readFileSync(passwordFile(folder), 'utf8').trim();
}

/**
 * Where the data of a new cluster is to lie: `data` in the environment's folder for Postgres. As root Postgres runs as
 * another user, who may not pass to a folder below `/root`, nor to one with mode 0700, as environments have it; then it is
 * `/var/tmp/acequia-postgres-<digest of the folder>/data`, which survives a restart of the machine.
 */
export function placeOfData(folder: string): string {
  if (!unprivilegedUser() || isPassable(dirname(folder))) return join(folder, 'data');
  return join(placeElsewhere(folder), 'data');
}

/** The folder of the data that may not lie in the environment's folder for Postgres. */
export function placeElsewhere(folder: string): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return `/var/tmp/acequia-postgres-${digest}`;
}
