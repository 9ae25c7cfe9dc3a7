import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installAt } from '../cache-folder.mjs';
import { packageFolder } from '../project.mjs';
import { runProgram } from '../run-program.mjs';

const silenceMs = 8_000;
const limitMs = 10 * 60_000;

const kinds = {
  'dev-server': { create: 'createLocal', size: 'about 100 MB' },
  'test-server': { create: 'createTimeSkipping', size: 'about 50 MB' },
};

/**
 * The download that Temporal's own SDK makes when asked for an ephemeral server. It comes from Temporal's
 * download site and not from a package registry, which the announcement says.
 * @param {{ kind: 'dev-server' | 'test-server', place: string }} options
 */
export function sdkDownloadWay({ kind, place }) {
  const { create, size } = kinds[kind];
  const testing = packageFolder('@temporalio/testing');
  return {
    name: "Temporal's own download through its SDK, from outside the package registries",
    command: "let this machine reach Temporal's download site, from which its SDK fetches the program",
    expected: `${size}; gives up within ${silenceMs / 1000} s without a connection`,
    cannot: () => (testing ? undefined : 'the npm package @temporalio/testing is not installed'),
    go: () => installAt(place, (folder) => download(folder, create, testing)),
  };
}

async function download(folder, create, testing) {
  const started = Date.now();
  let received = 0;
  let lastProgress = started;
  await runProgram(process.execPath, ['--input-type=module', '--eval', script(folder, create, testing)], {
    timeLimitMs: limitMs,
    giveUp: () => {
      const size = folderSize(folder);
      if (size > received) lastProgress = Date.now();
      received = size;
      if (Date.now() - lastProgress < silenceMs) return undefined;
      return received === 0 ? `no connection within ${silenceMs / 1000} s` : 'the download stopped halfway';
    },
  });
  const program = readdirSync(folder)
    .map((name) => join(folder, name))
    .find((path) => statSync(path).isFile());
  if (!program) throw new Error('the SDK ended without leaving a program behind');
  chmodSync(program, 0o755);
  return program;
}

/** Starts the server once and stops it: the SDK downloads only then, and a broken program shows itself. */
function script(folder, create, testing) {
  const entry = pathToFileURL(join(testing, 'lib', 'index.js')).href;
  const server = JSON.stringify({ executable: { type: 'cached-download', downloadDir: folder } });
  return `
    const { TestWorkflowEnvironment } = (await import(${JSON.stringify(entry)})).default
    try {
      const environment = await TestWorkflowEnvironment.${create}({ server: ${server} })
      await environment.teardown()
    } catch (error) {
      // The message repeats the address twice; its end is the cause.
      console.error(error.message.split(': ').slice(-2).join(': '))
      process.exit(1)
    }
    process.exit(0)`;
}

function folderSize(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
