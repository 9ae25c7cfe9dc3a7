import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseByteSize } from '../../../infra/settings/byte-size.ts';
import { resolveEnvironment } from '../../../infra/settings/environment-settings.ts';
import { newKeys, writeKey } from '../../support/keys.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = '/project';

test('dev works without any setting', () => {
  const settings = resolveEnvironment('dev', {}, root);
  expect(settings).toMatchObject({
    name: 'dev',
    home: '/project/.acequia',
    folder: '/project/.acequia/dev',
    lake: 'file:///project/.acequia/dev/lake',
    out: '/project/.acequia/dev/out',
    pipelinesFolder: '/project/pipelines',
    temporal: {
      address: '127.0.0.1:7233',
      explicit: false,
      namespace: 'default',
      embedded: true,
      taskQueue: 'acequia-dev',
    },
    api: { host: '127.0.0.1', port: 5000 },
  });
});

test('settings replace the definition; relative folders count from the project', () => {
  const settings = resolveEnvironment(
    'dev',
    {
      TEMPORAL_ADDRESS: 'temporal.internal:7233',
      TEMPORAL_NAMESPACE: 'data',
      ACEQUIA_HOME: 'state',
      ACEQUIA_LAKE: 'file:///mnt/lake/',
      ACEQUIA_OUT: '/srv/out',
      ACEQUIA_API_HOST: '0.0.0.0',
      ACEQUIA_API_PORT: '8080',
    },
    root,
  );
  expect(settings.temporal).toMatchObject({ address: 'temporal.internal:7233', explicit: true, namespace: 'data' });
  expect(settings.folder).toBe('/project/state/dev');
  expect(settings.lake).toBe('file:///mnt/lake');
  expect(settings.out).toBe('/srv/out');
  expect(settings.api).toEqual({ host: '0.0.0.0', port: 8080 });
});

test('a folder with a space is a lake, and its URI is encoded', () => {
  expect(resolveEnvironment('dev', { ACEQUIA_LAKE: '/mnt/my lake' }, root).lake).toBe('file:///mnt/my%20lake');
});

test.each([
  ['s3://shop/lake/', 's3://shop/lake'],
  ['gs://shop', 'gs://shop'],
  ['s3://shop/a/b=c.d_e-f//', 's3://shop/a/b=c.d_e-f'],
])('a lake in a bucket: %s', (given, lake) => {
  expect(resolveEnvironment('dev', { ACEQUIA_LAKE: given }, root).lake).toBe(lake);
});

test.each(['s3://', 's3://shop/a lake', 'gs://shop/x%20', 'gs://shop/../x', 'ftp://shop/lake', 'file:lake'])(
  '%s is no lake',
  (given) => {
    const error = thrownBy(() => resolveEnvironment('dev', { ACEQUIA_LAKE: given }, root));
    expect(String(error)).toMatch(/ACEQUIA_LAKE: .*s3:\/\/bucket\/prefix/);
  },
);

test('how much of a lake is kept on this disk is a size', () => {
  for (const size of ['500MB', '20 GB', '1.5tb'])
    expect(() => resolveEnvironment('dev', { ACEQUIA_LAKE_CACHE: size }, root)).not.toThrow();
  for (const size of ['20', 'much', '0GB', '-1GB', '20GiB']) {
    const error = thrownBy(() => resolveEnvironment('dev', { ACEQUIA_LAKE_CACHE: size }, root));
    expect(String(error)).toContain(`ACEQUIA_LAKE_CACHE: "${size}" is no size; one such as 500MB or 20GB is expected`);
  }
  expect(['500MB', '20GB', '1.5TB'].map(parseByteSize)).toEqual([5e8, 2e10, 1.5e12]);
});

test('TEMPORAL_ADDRESS=embedded leaves no address to try', () => {
  const { temporal } = resolveEnvironment('dev', { TEMPORAL_ADDRESS: 'embedded' }, root);
  expect(temporal).toMatchObject({ explicit: false, embedded: true });
  expect(temporal.address).toBeUndefined();
});

test('an empty setting counts as none', () => {
  expect(resolveEnvironment('dev', { TEMPORAL_ADDRESS: '' }, root).temporal.explicit).toBe(false);
});

test('every setting that means nothing is named at once', () => {
  const wrong = { TEMPORAL_ADDRESS: 'nowhere', ACEQUIA_API_PORT: '70000', ACEQUIA_LAKE: 's3://bucket/a lake' };
  const error = thrownBy(() => resolveEnvironment('dev', wrong, root));
  expect(error).toMatchObject({ type: 'DefinitionInvalid' });
  for (const [name, value] of Object.entries(wrong)) {
    expect(String(error)).toContain(name);
    expect(String(error)).toContain(value);
  }
});

test('prod refuses defaults, lists all that is missing and the places tried', () => {
  const error = thrownBy(() => resolveEnvironment('prod', { ACEQUIA_OUT: '/srv/out' }, root));
  expect(error).toMatchObject({ type: 'SettingMissing' });
  expect(String(error)).toMatch(/TEMPORAL_ADDRESS .*tried: .*TEMPORAL_PROFILE.*environments\.ts/);
  expect(String(error)).toContain('ACEQUIA_HOME');
  expect(String(error)).toContain('ACEQUIA_LAKE');
  expect(String(error)).not.toContain('ACEQUIA_OUT');
});

test('prod starts no embedded server', () => {
  const all = { ACEQUIA_HOME: '/h', ACEQUIA_LAKE: '/l', ACEQUIA_OUT: '/o' };
  expect(thrownBy(() => resolveEnvironment('prod', { ...all, TEMPORAL_ADDRESS: 'embedded' }, root))).toMatchObject({
    type: 'DefinitionInvalid',
  });
  expect(resolveEnvironment('prod', { ...all, TEMPORAL_ADDRESS: 'a:1' }, root).temporal).toMatchObject({
    explicit: true,
    embedded: false,
  });
});

test('an unknown environment is answered with the nearest one and the list', () => {
  const error = thrownBy(() => resolveEnvironment('prd', {}, root));
  expect(error).toMatchObject({ type: 'DefinitionInvalid' });
  expect(String(error)).toContain('Did you mean "prod"');
  expect(String(error)).toContain('local, dev, prod');
});

test('the key that signs is trusted, unless another is named; paths count from the project', async () => {
  const folder = await temporaryFolder();
  const { privateKey, publicKey } = newKeys();
  const other = newKeys();
  writeKey(join(folder, 'key.pem'), privateKey);
  const verifying = writeKey(join(folder, 'other.pem'), other.publicKey);
  const keysOf = (env: Record<string, string>) => resolveEnvironment('dev', env, folder).receiptKeys;
  expect(keysOf({})).toEqual({});
  const own = keysOf({ ACEQUIA_SIGNING_KEY: 'key.pem' });
  expect([own.signing?.equals(privateKey), own.trusted?.equals(publicKey)]).toEqual([true, true]);
  const both = keysOf({ ACEQUIA_SIGNING_KEY: 'key.pem', ACEQUIA_VERIFY_KEY: verifying });
  expect([both.signing?.equals(privateKey), both.trusted?.equals(other.publicKey)]).toEqual([true, true]);
  expect(keysOf({ ACEQUIA_VERIFY_KEY: verifying })).not.toHaveProperty('signing');
});

test('a key that will not do is refused with its file, what is wrong, and what is expected', async () => {
  const folder = await temporaryFolder();
  const { privateKey, publicKey } = newKeys();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const passphrase = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  const files = {
    rsa: writeKey(join(folder, 'rsa.pem'), rsa.privateKey),
    public: writeKey(join(folder, 'public.pem'), publicKey),
    locked: join(folder, 'locked.pem'),
    text: join(folder, 'text.pem'),
  };
  writeFileSync(files.locked, privateKey.export(passphrase));
  writeFileSync(files.text, 'no key');
  const refusal = (name: string, path: string): string =>
    String(thrownBy(() => resolveEnvironment('dev', { [name]: path, ACEQUIA_API_PORT: 'x' }, folder)));
  expect(refusal('ACEQUIA_SIGNING_KEY', files.rsa)).toMatch(/rsa\.pem" holds a key of the kind rsa; .*ed25519 private/);
  for (const path of [files.public, files.locked, files.text]) {
    const told = refusal('ACEQUIA_SIGNING_KEY', path);
    expect(told).toContain(`ACEQUIA_SIGNING_KEY: "${path}" holds no such key; a file with an ed25519 private key`);
    expect(told).toContain('ACEQUIA_API_PORT');
  }
  expect(refusal('ACEQUIA_SIGNING_KEY', folder)).toContain('cannot be read (EISDIR)');
  expect(refusal('ACEQUIA_SIGNING_KEY', 'gone.pem')).toContain(`"${join(folder, 'gone.pem')}" cannot be read (ENOENT)`);
  expect(refusal('ACEQUIA_VERIFY_KEY', files.text)).toContain('ACEQUIA_VERIFY_KEY');
  expect(refusal('ACEQUIA_VERIFY_KEY', files.rsa)).toContain('an ed25519 public key in PEM');
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('what is kept for how long; without the setting, and of a part that is left out, for ever', () => {
  const retention = (value: string | undefined) =>
    resolveEnvironment('dev', value === undefined ? {} : { ACEQUIA_RETENTION: value }, root).retention;
  expect(retention(undefined)).toEqual({});
  expect(retention('')).toEqual({});
  expect(retention('staging=7d, quarantine=1y')).toEqual({ staging: '7d', quarantine: '1y' });
  expect(() => retention('stagin=7d')).toThrow(
    /ACEQUIA_RETENTION: there is no part "stagin".*Did you mean "staging"\?; e\.g\. staging=7d/,
  );
});
