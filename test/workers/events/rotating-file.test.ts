import { build } from 'esbuild';
import { execa } from 'execa';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActivityEvent } from '../../../workers/events/activity-event.ts';
import { eventLog } from '../../../workers/events/event-log.ts';
import { appendLine } from '../../../workers/events/rotating-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The files in the order in which they were written. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name !== 'events.jsonl');
  const bySequence = names.sort((one, other) => sequenceOf(one) - sequenceOf(other));
  return [...bySequence, 'events.jsonl'].map((name) => join(folder, name));
}

function sequenceOf(name: string): number {
  return Number(/-(\d+)\.jsonl$/.exec(name)?.[1]);
}

test('any lines come out whole and in order; no file is larger than it may be; the newest are kept', async () => {
  const folder = await temporaryFolder();
  let runs = 0;
  const lines = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => JSON.stringify({ text })),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(lines, fc.integer({ min: 20, max: 200 }), fc.integer({ min: 0, max: 4 }), (written, maxBytes, kept) => {
      const place = join(folder, String((runs += 1)));
      const file = { path: join(place, 'events.jsonl'), maxBytes, kept };
      for (const line of written) appendLine(file, line);
      const files = filesIn(place);
      expect(files.length).toBeLessThanOrEqual(kept + 1);
      const found = files.flatMap((path) => readFileSync(path, 'utf8').trimEnd().split('\n'));
      expect(found).toEqual(written.slice(-found.length));
      if (files.length <= kept) expect(found).toEqual(written);
      for (const path of files) {
        const { size } = statSync(path);
        expect(size <= maxBytes || readFileSync(path, 'utf8').trimEnd().split('\n').length === 1).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test('several processes write to one file at a time: every line is there once', async () => {
  const folder = await temporaryFolder();
  const module = join(folder, 'rotating-file.mjs');
  const entryPoints = [join(import.meta.dirname, '../../../workers/events/rotating-file.ts')];
  await build({ entryPoints, outfile: module, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
  const file = { path: join(folder, 'logs', 'events.jsonl'), maxBytes: 300, kept: 1_000 };
  const script = `import { appendLine } from ${JSON.stringify(pathToFileURL(module).href)};
    for (let n = 0; n < 300; n += 1) appendLine(${JSON.stringify(file)}, process.argv[1] + ' ' + n);`;
  await Promise.all(['a', 'b', 'c'].map((name) => execa('node', ['--input-type=module', '-e', script, name])));
  const files = readdirSync(join(folder, 'logs'));
  expect(files.length).toBeGreaterThan(2);
  const found = files.flatMap((name) =>
    readFileSync(join(folder, 'logs', name), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  const written = ['a', 'b', 'c'].flatMap((name) => Array.from({ length: 300 }, (_, n) => `${name} ${n}`));
  expect(found.sort()).toEqual(written.sort());
});

test('a line that was cut stays alone, and files of others stay', async () => {
  const folder = await temporaryFolder();
  const file = { path: join(folder, 'events.jsonl'), maxBytes: 30, kept: 0 };
  writeFileSync(join(folder, 'events.2nd.jsonl'), 'mine');
  appendLine(file, '{"n":1}');
  appendFileSync(file.path, '{"n":');
  appendLine(file, '{"n":2}');
  expect(readFileSync(file.path, 'utf8')).toBe('{"n":1}\n{"n":\n{"n":2}\n');
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  appendLine(file, '{"n":3}');
  expect(readdirSync(folder).sort()).toEqual(['events.2nd.jsonl', 'events.jsonl']);
});

test('what cannot be written is said once, and when it can be, it goes on', async () => {
  const folder = await temporaryFolder();
  const [inTheWay, pipe] = [join(folder, 'a-file'), join(folder, 'pipe')];
  writeFileSync(inTheWay, '');
  mkdirSync(join(folder, 'folder'));
  await promisify(execFile)('mkfifo', [pipe]);
  const event = { event: 'started', activity: 'plan' } as ActivityEvent;
  for (const path of [join(inTheWay, 'events.jsonl'), join(folder, 'folder'), pipe]) {
    const said: string[] = [];
    const tell = eventLog({ console: false, file: { path, maxBytes: 1_000, kept: 1 } }, (line) => void said.push(line));
    for (let times = 0; times < 3; times += 1) tell(event);
    expect(said).toEqual([expect.stringContaining('runs go on without it')]);
    rmSync(path.startsWith(inTheWay) ? inTheWay : path, { recursive: true });
    tell(event);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(event);
  }
});

test('on the console it is a line of the same form', () => {
  const said: string[] = [];
  eventLog({ console: true }, (line) => void said.push(line))({ event: 'started', activity: 'plan' } as ActivityEvent);
  expect(said).toEqual(['{"event":"started","activity":"plan"}']);
});
