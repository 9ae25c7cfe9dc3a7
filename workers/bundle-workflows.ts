import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { projectRoot } from '../infra/setup/inventory.mjs';
import packageJson from '../package.json' with { type: 'json' };

/** The workflows as one file of JavaScript for Temporal's sandbox, made once for each state of `workflows/`. Returns its path. */
export async function workflowBundle(): Promise<string> {
  const root = projectRoot();
  const file = join(root, 'dist', `workflows-${await contentDigest(root)}.cjs`);
  if (await exists(file)) return file;
  const { code } = await bundleWorkflowCode({ workflowsPath: join(root, 'workflows', 'index.ts'), logger: silent });
  await mkdir(join(root, 'dist'), { recursive: true });
  const incoming = `${file}.${process.pid}.part`;
  await writeFile(incoming, code);
  await rename(incoming, file);
  return file;
}

/** Of everything that goes into the bundle: the sources and the SDK's version. */
async function contentDigest(root: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(packageJson.dependencies));
  const folder = join(root, 'workflows');
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  for (const name of names) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const nothing = (): void => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
