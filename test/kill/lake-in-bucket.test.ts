import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Receipt } from '../../workflows/receipt.ts';
import { acequia, killingAt, receiptOf } from '../support/command.ts';
import { startDevServer, type DevServer } from '../support/dev-server.ts';
import { startGcs, startS3, type ObjectServer } from '../support/object-servers.ts';

const s3 = await startS3();
const gcs = await startGcs();

let scratch: string;
let temporal: DevServer;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'acequia-bucket-lake-'));
  temporal = await startDevServer(join(scratch, 'temporal'));
  for (const server of [s3, gcs]) await server.makeBucket('shared-lake');
});
afterAll(async () => {
  await temporal.close();
  await rm(scratch, { recursive: true, force: true });
});

/** What reads a lake, from a machine of its own. */
const READERS: readonly (readonly string[])[] = [
  ['receipt', 'show', 'latest'],
  ['receipt', 'verify', 'latest'],
  ['explain', 'latest'],
  ['quarantine', 'list'],
  ['quarantine', 'show', 'latest', '--json'],
  ['replay', 'latest', '--diff', '--json'],
  ['clean-up', '--dry-run', '--json'],
];

const LAKES: readonly (readonly [string, string, ObjectServer, string, typeof READERS])[] = [
  ['sales', 's3://shared-lake/dev', s3, 'check | (start)', READERS],
  ['orders', 'gs://shared-lake', gcs, 'transform | (end)', READERS.slice(1, 2)],
];

describe.each(LAKES)('%s with its lake at %s', (pipeline, lake, server, killAt, readers) => {
  test('a worker killed with -9 is replaced by one that shares no disk with it; all who read the lake read it there', async () => {
    const place = join(scratch, pipeline);
    const run = ['start-workflow', pipeline, '--env', 'dev', '--json'];
    const undisturbed = await acequia(join(place, 'undisturbed'), run);
    expect(undisturbed.exitCode, undisturbed.stderr).toBe(0);

    const said: string[] = [];
    const command = async (home: string, args: readonly string[], env: Record<string, string> = {}) => {
      const ended = await acequia(join(place, home), args, { env: { ...settings, ...env } });
      said.push(ended.stdout, ended.stderr);
      return ended;
    };
    const settings = {
      ...server.environment,
      ...{ TEMPORAL_ADDRESS: temporal.address, ACEQUIA_LAKE: lake, ACEQUIA_OUT: join(place, 'out') },
    };
    const first = acequia(join(place, 'first'), ['worker', '--env', 'dev'], {
      env: { ...settings, ...killingAt(killAt) },
    });
    await saidBy(first, 'worker     polls');
    const second = await command('second', run);
    expect((await first).signal).toBe('SIGKILL');
    said.push((await first).stdout, (await first).stderr);
    expect(second.exitCode, second.stderr).toBe(0);
    const receipt = receiptOf(second.stdout);
    expect(accountOf(receipt)).toEqual(accountOf(receiptOf(undisturbed.stdout)));
    // Both had a part in it, and what each had fetched is let go of.
    for (const home of ['first', 'second']) expect(await readdir(join(place, home, 'copies', 'kept'))).not.toEqual([]);
    expect(await readdir(join(place, 'second', 'copies', 'in-use'))).toEqual([]);
    expect(receipt.sources.map(({ report }) => report?.startsWith(`${lake}/`))).toEqual(
      receipt.sources.map(() => true),
    );

    for (const args of readers) {
      const { exitCode, stderr } = await command('reader', [...args, '--env', 'dev'], {
        ACEQUIA_RETENTION: 'staging=1d',
      });
      expect(exitCode, `${args.join(' ')}: ${stderr}`).toBe(0);
    }
    const secret = server.environment['AWS_SECRET_ACCESS_KEY'];
    if (secret !== undefined) {
      expect(said.filter((text) => text.includes(secret))).toEqual([]);
      expect(await filesWith(scratch, secret)).toEqual([]);
      expect(await filesWith(server.folder, secret)).toEqual([]);
    }
  });
});

/** What a receipt says apart from when, in which run, and where. */
function accountOf({ run, sources, tables, checks, accounted }: Receipt): unknown {
  return {
    ...{ outcome: run.outcome, accounted },
    sources: sources.map(({ name, read, staged, quarantined, digest }) => ({
      name,
      read,
      staged,
      quarantined,
      digest,
    })),
    tables: tables.map(({ name, rows, inserted, digest, loadId }) => ({ name, rows, inserted, digest, loadId })),
    checks: checks.map(({ name, status, failed, sample }) => ({ name, status, failed, sample })),
  };
}

async function saidBy(running: ReturnType<typeof acequia>, text: string): Promise<void> {
  const child = running as unknown as { stdout: NodeJS.ReadableStream };
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      output += piece.toString();
      if (output.includes(text)) resolve();
    });
    void running.then(() => reject(new Error(`it ended and never said "${text}": ${output}`)));
  });
}

async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const found = await Promise.all(files.map(async (file) => ((await readFile(file)).includes(text) ? [file] : [])));
  return found.flat();
}
