import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AcequiaError } from '../failure/acequia-error.ts';
import { diskError } from '../failure/disk.ts';
import type { Work } from '../progress.ts';

/** The program of a pipeline that makes its samples: `node generate.mjs <name> <folder>` writes one into a folder. */
const GENERATOR = 'generate.mjs';
const PART = '.part';

/**
 * The folder of a sample that is made when it is first asked for, by a program of the pipeline's own, in a process of its
 * own. It is named by the program: another one makes another sample. A killed making leaves nothing that could be taken for
 * a sample.
 *
 * @param samples where samples are kept, absolute
 * @throws AcequiaError `DefinitionInvalid` where the program fails
 */
export async function madeSample(
  pipeline: { readonly name: string; readonly folder: string },
  name: string,
  samples: string,
  work: Work,
): Promise<string> {
  const generator = join(pipeline.folder, 'sample', GENERATOR);
  const folder = join(samples, pipeline.name, `${name}-${await digestOf(dirname(generator))}`);
  if (await isThere(folder)) return folder;
  work.report({ step: `making the sample ${name}` });
  const part = join(dirname(folder), `.${randomUUID()}${PART}`);
  try {
    await removeParts(dirname(folder));
    await mkdir(part, { recursive: true });
    await promisify(execFile)(process.execPath, [generator, name, part], { signal: work.signal });
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    work.signal.throwIfAborted();
    // Somebody else was quicker, with the same program.
    if (await isThere(folder)) return folder;
    throw diskError(error, folder) === error ? failed(generator, name, error) : diskError(error, folder);
  }
  return folder;
}

/** What a killed making has left: one run of a pipeline is open at a time. */
async function removeParts(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const left = (await readdir(folder)).filter((name) => name.endsWith(PART));
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function failed(generator: string, name: string, error: unknown): AcequiaError {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return new AcequiaError('DefinitionInvalid', {
    what: `The sample ${name} could not be made.`,
    where: generator,
    why: said.slice(-2_000) || (error instanceof Error ? error.message : String(error)),
    remedy: `mend the program; it is called as: node ${GENERATOR} ${name} <folder>`,
    cause: error,
  });
}

/** Of the program and all that it may import. */
async function digestOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.mjs'));
  const hash = createHash('sha256');
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort())
    hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 12);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
