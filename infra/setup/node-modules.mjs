import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { lockfileDigest, projectRoot, readJson } from './project.mjs';
import { onPath } from './on-path.mjs';
import { say, step } from './say.mjs';
import { SetUpError } from './set-up-error.mjs';

/** Says why the packages of the lockfile have to be installed, or undefined when they are as it says. */
export function nodeModulesNeed(root = projectRoot()) {
  const wanted = lockfileDigest(root);
  if (wanted === undefined) return undefined; // Installed as a package: whoever installed it brought the others.
  if (!existsSync(join(root, 'node_modules'))) return 'missing';
  if (readStamp(root) === wanted) return undefined;
  if (!installedAsLocked(root)) return 'not what package-lock.json says';
  writeFileSync(stampFile(root), wanted);
  return undefined;
}

/**
 * Whether npm's own account of what it installed agrees with the lockfile: true after somebody ran `npm install`
 * or `npm ci` by hand. Optional packages may be absent, they are for other platforms.
 */
function installedAsLocked(root) {
  const locked = readJson(join(root, 'package-lock.json'))?.packages;
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!locked || !installed) return false;
  const asLocked = Object.entries(locked).every(([path, { version, optional, integrity }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
  return asLocked && Object.keys(installed).every((path) => path in locked);
}

/** Installs the packages of the lockfile where they are missing or stale. */
export async function ensureNodeModules(root = projectRoot()) {
  if (!nodeModulesNeed(root)) return;
  // npm ci empties node_modules first: two at once would each destroy the other's work.
  await oneAtATime(installLock(root), () => install(root), {
    waiting: (pid) => say(`waiting for another set-up (process ${pid}) that is installing the Node packages`),
  });
}

async function install(root) {
  const need = nodeModulesNeed(root);
  if (!need) return;
  const [{ npmEnvironment }, { runProgram }] = await Promise.all([
    import('./npm-environment.mjs'),
    import('./run-program.mjs'),
  ]);
  const wanted = lockfileDigest(root);
  const npm = npmProgram();
  // Everything is run from the sources, so the build tools are needed too, whatever NODE_ENV says.
  const args = [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund'];
  await step(
    `Node packages are ${need}; installing them from package-lock.json with \`npm ci\``,
    'about 20 seconds, once',
    () => runProgram(npm.program, args, { cwd: root, env: npmEnvironment(), causeStands: 'first' }),
  ).catch((error) => {
    throw new SetUpError(
      `the Node packages could not be installed in ${root}: ${error.message}\n` +
        'Acequia runs on them. See the whole story with `npm ci`, mend it, and run the same command again.',
    );
  });
  writeFileSync(stampFile(root), wanted);
}

function readStamp(root) {
  try {
    return readFileSync(stampFile(root), 'utf8');
  } catch {
    return undefined;
  }
}

const stampFile = (root) => join(root, 'node_modules', '.acequia-lockfile');

function installLock(root) {
  const project = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(cacheFolder(), 'locks', `node-modules-${project}`);
}

/** The npm that started us, else the one on PATH, in a form that can be spawned without a shell. */
function npmProgram() {
  const started = process.env.npm_execpath;
  if (started && basename(started) === 'npm-cli.js') return { program: process.execPath, args: [started] };
  const besideNode = join(process.execPath, '..', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (process.platform === 'win32' && existsSync(besideNode)) return { program: process.execPath, args: [besideNode] };
  return { program: onPath('npm') ?? 'npm', args: [] };
}
