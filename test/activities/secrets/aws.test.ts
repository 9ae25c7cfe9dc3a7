import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settingValue } from '../../../activities/secrets/setting-value.ts';
import { startFakeProxy, type Meddling } from '../../support/fake-proxy.ts';
import { startMoto, useSettings } from '../../support/object-servers.ts';

const MARKER = 's3cret-marker';

const server = await startMoto();
const asked: string[] = [];
let meddling: Meddling = 'pass';
const proxy = await startFakeProxy(server.url, (request) => {
  asked.push(request);
  return meddling;
});

beforeEach(() => {
  useSettings({ ...server.environment, AWS_ENDPOINT_URL_SECRETS_MANAGER: proxy.url, AWS_MAX_ATTEMPTS: '1' });
  meddling = 'pass';
  asked.length = 0;
});
afterEach(() => void vi.unstubAllEnvs());

const lookUp = (reference: string, signal?: AbortSignal): Promise<string | undefined> =>
  settingValue('SHOP_URL', { variables: { SHOP_URL: reference }, ...(signal ? { signal } : {}) });

async function failureOf(reference: string): Promise<unknown> {
  const failure = await lookUp(reference).catch((error: unknown) => error);
  expect(inspect(failure, { depth: 9 })).not.toContain(MARKER);
  return failure;
}

async function keep(name: string, secret: { SecretString: string } | { SecretBinary: Uint8Array }): Promise<string> {
  const client = new SecretsManagerClient({});
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: name, ...secret }));
  client.destroy();
  return ARN;
}

test('by name, by ARN and by member; asked for once by all who need it at a time', async () => {
  const arn = await keep('prod/shop', { SecretString: JSON.stringify({ url: MARKER, port: 5432 }) });
  asked.length = 0;
  const members = await Promise.all(['url', 'url', 'port'].map((member) => lookUp(`secret://aws/prod/shop#${member}`)));
  expect(members).toEqual([MARKER, MARKER, '5432']);
  expect(asked).toHaveLength(1);
  expect(await lookUp(`secret://aws/${arn}#url`)).toBe(MARKER);
});

test('what is missing is told as that', async () => {
  expect(await failureOf('secret://aws/nothing')).toMatchObject({
    type: 'SecretMissing',
    where: 'secret://aws/nothing',
  });
  await keep('bytes', { SecretBinary: Buffer.from(MARKER) });
  expect(await failureOf('secret://aws/bytes')).toMatchObject({ type: 'SecretMissing' });
  await keep('text', { SecretString: MARKER });
  expect(await failureOf('secret://aws/text#url')).toMatchObject({ type: 'SecretMissing' });
  await keep('deleted', { SecretString: MARKER });
  const client = new SecretsManagerClient({});
  await client.send(new DeleteSecretCommand({ SecretId: 'deleted' }));
  client.destroy();
  expect(await failureOf('secret://aws/deleted')).toMatchObject({ type: 'SecretMissing' });
});

/** As AWS words them; moto refuses nobody. */
test.each([
  ['AccessDeniedException', 400, 'SecretDenied'],
  ['UnrecognizedClientException', 400, 'SecretDenied'],
  ['ExpiredTokenException', 400, 'SecretDenied'],
  ['DecryptionFailure', 400, 'SecretDenied'],
  ['ThrottlingException', 400, 'SecretUnreachable'],
  ['InternalServiceError', 500, 'SecretUnreachable'],
])('%s is %s %s', async (name, status, type) => {
  meddling = { status, body: JSON.stringify({ __type: name, message: `about ${MARKER}` }) };
  expect(await failureOf('secret://aws/any')).toMatchObject({ type, where: 'secret://aws/any' });
  meddling = 'pass';
  await keep(`after-${name}`, { SecretString: 'a' });
  expect(await lookUp(`secret://aws/after-${name}`)).toBe('a');
});

test('no credentials, no region, nobody there', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  expect(await failureOf('secret://aws/other')).toMatchObject({ type: 'SecretDenied' });
  useSettings({ ...server.environment, AWS_REGION: undefined });
  expect(await failureOf('secret://aws/other')).toMatchObject({
    type: 'SecretMissing',
    remedy: expect.stringContaining('AWS_REGION') as string,
  });
  useSettings({ ...server.environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' });
  expect(await failureOf('secret://aws/other')).toMatchObject({
    type: 'SecretUnreachable',
    why: expect.stringContaining('ECONNREFUSED') as string,
  });
});

test('who is cancelled waits no longer; who waits for the same gets it', async () => {
  await keep('shared', { SecretString: MARKER });
  const controller = new AbortController();
  const [cancelled, other] = [lookUp('secret://aws/shared', controller.signal), lookUp('secret://aws/shared')];
  controller.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('cancelled');
  expect(await other).toBe(MARKER);
  await expect(lookUp('secret://aws/shared', controller.signal)).rejects.toThrow('cancelled');
});
