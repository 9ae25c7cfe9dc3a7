import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRecordIn, writeRecordIn } from '../keeper/record.ts';
import { noteOwner, removeAbandoned } from './abandoned-data.ts';
import { ownerName, passwordFile, placeOfData, type ClusterRecord } from './cluster-record.ts';
import { explainEnding } from './explain-ending.ts';
import type { PostgresPrograms } from './programs.ts';
import { serverEnvironment } from './postgres-server.ts';
import { unprivilegedUser } from './unprivileged-user.ts';

/**
 * Makes the data folder of an environment's Postgres, where there is none that is whole, fits the programs, and has its
 * password. What else lies in its place is thrown away: it can be filled again.
 * @param folder the environment's folder for Postgres
 * @throws ServerFailure
 */
export async function ensureCluster(folder: string, programs: PostgresPrograms): Promise<ClusterRecord> {
  const before = readRecordIn<ClusterRecord>(folder);
  if (before?.complete && isWhole(before.data, folder, programs)) return before;
  const data = placeOfData(folder);
  const record = { port: before?.port, data, complete: false, serverPid: 0, keeperPid: process.pid };
  writeRecordIn(folder, record);
  await make(folder, data, programs);
  writeRecordIn(folder, { ...record, complete: true });
  return { ...record, complete: true };
}

function isWhole(data: string, folder: string, { major }: PostgresPrograms): boolean {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim() === major && existsSync(passwordFile(folder));
  } catch {
    return false;
  }
}

async function make(folder: string, data: string, { bin }: PostgresPrograms): Promise<void> {
  const user = unprivilegedUser();
  const place = dirname(data);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  refuseForeign(place);
  if (place !== folder) {
    noteOwner(place, folder);
    removeAbandoned(place);
  }
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  rmSync(passwordFile(folder), { force: true });
  writeFileSync(passwordFile(folder), password, { mode: 0o600 });
  // initdb reads it as the user who runs it: for a moment it lies where that one may.
  const handed = `${data}.password`;
  rmSync(handed, { force: true });
  writeFileSync(handed, password, { mode: 0o600, flag: 'wx' });
  if (user) {
    chmodSync(place, 0o711);
    for (const path of [data, handed]) chownSync(path, user.uid, user.gid);
  }
  try {
    await initdb(join(bin, 'initdb'), data, handed, folder);
  } finally {
    rmSync(handed, { force: true });
  }
}

/** In /var/tmp somebody else may have been there first. */
function refuseForeign(place: string): void {
  const found = lstatSync(place);
  const own = process.getuid?.() ?? found.uid;
  if (found.isDirectory() && found.uid === own) return;
  throw new Error(
    `${place} is to hold the data of the embedded Postgres, but is not a folder of yours (it belongs to user ${found.uid}).\n` +
      'Remove it, or have its owner remove it, and run the same command again.',
  );
}

function initdb(program: string, data: string, password: string, folder: string): Promise<void> {
  const args = [
    `--pgdata=${data}`,
    `--username=${ownerName}`,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order and the same days on every machine, whatever its own settings are.
    ...['--wal-segsize=4', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--set=timezone=UTC'],
  ];
  return new Promise((resolve, reject) => {
    execFile(program, args, { ...unprivilegedUser(), cwd: data, env: serverEnvironment() }, (error, _output, said) => {
      if (!error) resolve();
      else
        reject(
          explainEnding({ how: `initdb: exit ${error.code}`, said: said || error.message, data, folder, program }),
        );
    });
  });
}
