import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { translateFailure } from '../../../activities/failure/translate.ts';
import { settingValue } from '../../../activities/secrets/setting-value.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MARKER = 's3cret-marker';

async function lookUp(reference: string, variables: Record<string, string> = {}): Promise<string | undefined> {
  return settingValue('SHOP_URL', { variables: { SHOP_URL: reference, ...variables } });
}

async function failureOf(reference: string, variables: Record<string, string> = {}): Promise<unknown> {
  const failure = await lookUp(reference, variables).then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
  expect(inspect(failure, { depth: 9 }) + inspect(translateFailure(failure), { depth: 9 })).not.toContain(MARKER);
  return failure;
}

async function secretFile(text: string | Buffer, mode = 0o600): Promise<string> {
  const path = join(await temporaryFolder(), 'secret');
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

test('a setting without a reference is what stands there; an empty one is none', async () => {
  expect(await lookUp('postgresql://host/db')).toBe('postgresql://host/db');
  expect(await lookUp('')).toBeUndefined();
  expect(await settingValue('OTHER', { variables: {} })).toBeUndefined();
});

test.each([
  ['secret://', 'does not say where'],
  ['secret://env', 'does not say where'],
  ['secret://env/', 'does not say where'],
  ['secret:///run/secrets/x', 'does not say where'],
  ['secret://vault/shop', 'Who does: env, file, aws'],
  ['secret://constructor/shop', 'Who does: env, file, aws'],
])('%s is no reference', async (reference, says) => {
  expect(await failureOf(reference)).toMatchObject({
    type: 'DefinitionInvalid',
    message: expect.stringMatching(says) as string,
  });
});

describe('secret://env', () => {
  test('is another variable of the worker, or a member of what it holds', async () => {
    expect(await lookUp('secret://env/SHOP', { SHOP: MARKER })).toBe(MARKER);
    const json = JSON.stringify({ password: MARKER, port: 5432, 'a#b': 'c' });
    expect(await lookUp('secret://env/SHOP#password', { SHOP: json })).toBe(MARKER);
    expect(await lookUp('secret://env/SHOP#port', { SHOP: json })).toBe('5432');
    expect(await lookUp('secret://env/SHOP#a#b', { SHOP: json })).toBe('c');
  });

  test.each([
    ['secret://env/SHOP', {}, /SHOP is not set/],
    ['secret://env/SHOP', { SHOP: '' }, /SHOP is not set/],
    ['secret://env/SHOP#user', { SHOP: `{"password":"${MARKER}"}` }, /member "user"/],
    ['secret://env/SHOP#user', { SHOP: MARKER }, /no JSON object/],
    ['secret://env/SHOP#user', { SHOP: `{"user":{"password":"${MARKER}"}}` }, /member "user"/],
    ['secret://env/SHOP#user', { SHOP: `{"user":"","password":"${MARKER}"}` }, /It is empty/],
    ['secret://env/SHOP#0', { SHOP: 'null' }, /no JSON object/],
    ['secret://env/SHOP', { SHOP: 'secret://env/SHOP' }, /itself a reference/],
  ])('%s in %j is missing, and the message names the reference', async (reference, variables, why) => {
    const failure = await failureOf(reference, variables);
    expect(failure).toMatchObject({
      type: 'SecretMissing',
      where: reference,
      why: expect.stringMatching(why) as string,
    });
  });

  test('whatever a secret is, it comes as it is, and a message that quotes it is masked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 4 }).filter((text) => !text.startsWith('secret://')),
        async (secret) => {
          expect(await lookUp('secret://env/SHOP', { SHOP: secret })).toBe(secret);
          expect(translateFailure(new Error(`before ${secret} after`)).message).not.toContain(` ${secret} `);
        },
      ),
    );
  });
});

describe('secret://file', () => {
  test.each([
    [MARKER, MARKER],
    [`${MARKER}\n`, MARKER],
    [`${MARKER}\r\n`, MARKER],
    [`${MARKER}\n\n`, `${MARKER}\n`],
    [` ${MARKER} \n`, ` ${MARKER} `],
  ])('%j is read as %j', async (text, secret) => {
    expect(await lookUp(`secret://file${await secretFile(text)}`)).toBe(secret);
  });

  test('it is read anew each time, so that it can be changed under a worker', async () => {
    const path = await secretFile('first');
    expect(await lookUp(`secret://file${path}`)).toBe('first');
    await writeFile(path, 'second');
    expect(await lookUp(`secret://file${path}`)).toBe('second');
  });

  test.each([0o640, 0o440, 0o400])('owner and group may read it (%o)', async (mode) => {
    expect(await lookUp(`secret://file${await secretFile(MARKER, mode)}`)).toBe(MARKER);
  });

  test.each([0o604, 0o644, 0o602, 0o666])('one that others may open is refused (%o)', async (mode) => {
    const path = await secretFile(MARKER, mode);
    expect(await failureOf(`secret://file${path}`)).toMatchObject({
      type: 'SecretDenied',
      remedy: expect.stringContaining(`chmod o= ${path}`) as string,
    });
  });

  test('what is missing, empty, too large, a folder or a pipe nobody writes to is no secret, at once', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'folder'), { mode: 0o700 });
    await promisify(execFile)('mkfifo', ['-m', '600', join(folder, 'pipe')]);
    const paths = ['none', 'folder', 'pipe'].map((name) => join(folder, name));
    for (const path of [...paths, await secretFile('\n'), await secretFile(Buffer.alloc(70_000, 65))])
      expect([path, await failureOf(`secret://file${path}`)]).toMatchObject([path, { type: 'SecretMissing' }]);
  });
});
