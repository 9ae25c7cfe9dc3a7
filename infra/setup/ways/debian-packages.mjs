import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { installAt } from '../cache-folder.mjs';
import { onPath } from '../on-path.mjs';
import { runProgram } from '../run-program.mjs';

const limitMs = 5 * 60_000;

/**
 * A package of Debian or Ubuntu with libraries it needs, unpacked into a folder: nothing is installed, no rights are needed.
 * @param {{ name: string, needs: [of: string, library: RegExp][], place: string }} request `needs`: which of the packages
 *   that a package depends on are needed too; `of` is the package, or the beginning of the name of one found before
 */
export function debianPackagesWay({ name, needs, place }) {
  return {
    name: `the Debian package ${name} from this machine's package sources`,
    command: `sudo apt-get install ${name}`,
    expected: 'about 10 MB, some seconds',
    cannot: () => {
      const missing = ['apt-get', 'apt-cache', 'dpkg'].filter((program) => !onPath(program));
      return missing.length === 0 ? undefined : `${missing.map((program) => `\`${program}\``).join(', ')} not on PATH`;
    },
    go: () => installAt(place, (folder) => unpack(folder, name, needs)),
  };
}

async function unpack(folder, name, needs) {
  const packages = [name];
  for (const [of, library] of needs)
    packages.push(
      await dependency(
        packages.find((one) => one.startsWith(of)),
        library,
      ),
    );
  await runProgram(onPath('apt-get'), ['download', ...packages], { cwd: folder, timeLimitMs: limitMs });
  const finished = join(folder, 'finished');
  mkdirSync(finished);
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.deb')) await runProgram(onPath('dpkg'), ['-x', join(folder, file), finished]);
  }
  // Where /lib and /usr/lib are one, some packages still say /lib.
  if (existsSync(join(finished, 'lib')) && !existsSync(join(finished, 'usr', 'lib'))) {
    renameSync(join(finished, 'lib'), join(finished, 'usr', 'lib'));
  }
  return finished;
}

async function dependency(name, wanted) {
  const found = wanted.exec(await runProgram(onPath('apt-cache'), ['depends', name]))?.[0];
  if (!found) throw new Error(`${name} depends on nothing like ${wanted.source}`);
  return found;
}
