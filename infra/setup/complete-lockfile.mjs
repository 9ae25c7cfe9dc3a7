/**
 * Completes package-lock.json with the optional packages for other platforms that its packages name and it lacks:
 * `node infra/setup/complete-lockfile.mjs`, after every change of dependencies. A registry that mirrors one platform
 * only leaves them out, and then `npm ci` refuses the lockfile everywhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = [
  'x64',
  'arm64',
  'arm',
  'ia32',
  'riscv64',
  's390x',
  'ppc64',
  'ppc64le',
  'loong64',
  'mips64el',
  'mipsel',
  'wasm32',
];

/** The entry npm writes for a package of one platform, as far as its name tells. Without a digest: nobody here has seen the package. */
function entryOf(name, version, dev) {
  const words = name.split('/').pop().split('-');
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return {
    version: version.replace(/^[\^~=]/, ''),
    ...(cpu.length ? { cpu } : {}),
    ...(dev ? { dev: true } : {}),
    ...(libc.length && os.includes('linux') ? { libc } : {}),
    optional: true,
    ...(os.length ? { os } : {}),
  };
}

/** Whether node would find the package from where another one lies. */
function isThere(packages, name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

const file = join(projectRoot(), 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isThere(lock.packages, name, path)) continue;
    lock.packages[`node_modules/${name}`] = entryOf(name, version, entry.dev);
    added.push(`${name} ${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(added.length ? `added:\n${added.join('\n')}` : 'nothing was missing');
