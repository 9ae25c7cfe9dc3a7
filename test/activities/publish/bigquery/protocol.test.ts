import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { publishTables } from '../../../../activities/publish/publish-tables.ts';
import type { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import { startBigQuery } from '../../../support/bigquery.ts';
import { startFakeBigQuery } from '../../../support/fake-bigquery.ts';
import { table } from '../destinations.ts';
import type { Work } from '../../../../activities/progress.ts';
import { counts } from '../shop.ts';
import { dataset } from './dataset.ts';

const emulator = await startBigQuery();
const fake = await startFakeBigQuery(emulator);
afterEach(() => fake.reset());

const rows = (to: number) => `SELECT i::BIGINT AS id, 'card ' || i AS card FROM range(0, ${to}) t(i)`;

/** A dataset behind the fake, with a load that is asked for and not done. */
async function shop(mode: 'append' | 'replace' = 'append', count = 3) {
  const place = await dataset({ environment: fake.environment, makeDataset: (name) => emulator.makeDataset(name) });
  const asked = await place.request(table(mode), rows(count));
  const there = async () => Number((await emulator.tell(`SELECT COUNT(*) FROM ${place.name}.sales`))[0]?.[0]);
  const ledger = async () =>
    Number((await emulator.tell(`SELECT COUNT(*) FROM ${place.name}._acequia_ledger`))[0]?.[0]);
  const publish = (work?: Work) => place.publish(asked, work);
  const failure = () =>
    publish().then(
      () => undefined,
      (error: unknown) => error as AcequiaError,
    );
  return { ...place, asked, there, ledger, publish, failure };
}

describe('what is done once, although its answer was lost', () => {
  test('the transaction: the next attempt finds its job', async () => {
    const { publish, failure, there, ledger } = await shop();
    fake.fail({ method: 'POST', path: /^\/jobs\/acequia_publish_/, times: 1, answer: 'lost' });
    await failure();
    expect(counts(await publish())).toEqual([['sales', 3, 3, 0, 0, 0]]);
    expect([await there(), await ledger()]).toEqual([3, 1]);
  });

  test('a job that nobody seems to know, until it is started again: 409 is waited for', async () => {
    const { publish, failure, there, ledger } = await shop();
    fake.fail({ method: 'POST', path: /^\/jobs\/acequia_load_/, times: 1, answer: 'lost' });
    await failure();
    fake.fail({ method: 'GET', path: /^\/jobs\/acequia_load_/, times: 1, answer: { status: 404, reason: 'notFound' } });
    await publish();
    expect(fake.uploads).toHaveLength(2);
    expect(new Set(fake.uploads).size).toBe(1);
    expect([await there(), await ledger()]).toEqual([3, 1]);
  });
});

test('a row that BigQuery does not take: table, row, column and reason, without the value', async () => {
  const { failure } = await shop('append', 1200);
  fake.rejectRow(999, 'card', '4111-1111-1111-1111');
  const error = await failure();
  expect(error).toMatchObject({
    type: 'DestinationMismatch',
    where: expect.stringMatching(/table sales, row 999 of the load, column card$/) as string,
    why: expect.stringContaining('Could not convert value to integer') as string,
  });
  expect(`${JSON.stringify(error)} ${error?.message}`).not.toContain('4111');
});

describe('what the service says', () => {
  test('a server that is down for a moment is waited for', async () => {
    const { publish } = await shop();
    fake.fail({ method: 'GET', path: /^\/datasets\/\w+$/, times: 1, answer: { status: 503, reason: 'backendError' } });
    expect(counts(await publish())).toEqual([['sales', 3, 3, 0, 0, 0]]);
  });

  test.each([
    [{ status: 403, reason: 'rateLimitExceeded' }, 'DestinationBusy'],
    [
      { status: 403, reason: 'quotaExceeded', message: 'Quota exceeded: your project exceeded quota for load jobs' },
      'DestinationBusy',
    ],
    [{ status: 503, reason: 'backendError' }, 'DestinationUnreachable'],
    [
      {
        status: 403,
        reason: 'accessDenied',
        message: 'Access Denied: Dataset: Permission bigquery.tables.create denied',
      },
      'DestinationDenied',
    ],
    [{ status: 404, reason: 'notFound' }, 'DestinationMissing'],
  ] as const)('%o for good is %s', async (answer, type) => {
    const { failure } = await shop();
    fake.fail({ method: 'GET', path: /^\/datasets\/\w+$/, times: Infinity, answer });
    expect(await failure()).toMatchObject({ type });
  });
});

test('cancelling cancels the job that runs', async () => {
  const { publish, there } = await shop();
  fake.hold('acequia_load_');
  const cancel = new AbortController();
  const cancelling: Work = { signal: cancel.signal, report: () => undefined };
  // Looked for once before it is started, and again while it runs.
  const looks = (): number => fake.asked.filter((one) => one.startsWith('GET /jobs/acequia_load_')).length;
  const started = vi.waitUntil(() => looks() > 1, { timeout: 60_000 });
  void started.then(() => cancel.abort(new Error('cancelled')));
  await expect(publish(cancelling)).rejects.toThrow('cancelled');
  expect(fake.asked).toContainEqual(expect.stringMatching(/^POST \/jobs\/acequia_load_\w+\/cancel$/));
  expect(await there()).toBeNaN();
});

test('credentials that are no good: nothing of them stands in the error', async () => {
  const { asked, folder, url } = await shop();
  const file = join(folder, 'key.json');
  const key = {
    type: 'service_account',
    client_email: 'a@b.example',
    private_key: '-----BEGIN PRIVATE KEY-----\nMARKER-c2VjcmV0\n-----END PRIVATE KEY-----\n',
  };
  await writeFile(file, JSON.stringify(key));
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
  onTestFinished(() => void vi.unstubAllEnvs());
  const work = { signal: new AbortController().signal, report: () => undefined };
  const error = await publishTables(asked, work, { variables: { WAREHOUSE_DATASET: url } }).catch(
    (one: unknown) => one as AcequiaError,
  );
  expect(error).toMatchObject({ type: 'DestinationDenied' });
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('MARKER');
});
