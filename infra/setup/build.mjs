import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lockfileDigest, packageFolder, projectRoot } from './project.mjs';
import { step } from './say.mjs';
import { SetUpError } from './set-up-error.mjs';

/** The folders whose sources go into dist/. Pipelines do not: a definition is compiled when it is run. */
const sourceFolders = ['workflows', 'activities', 'workers', 'client', 'infra'];
const entryFiles = ['client/cli/main.ts', 'infra/temporal/keeper.ts', 'infra/postgres/keeper.ts'];
/** Each of these is started as a thread by its file name, so it stays a file of its own. */
const threadFile = /\.thread\.ts$/;
const oldAfterMs = 24 * 60 * 60 * 1000;

/** The file in dist/ that belongs to a TypeScript entry point. */
export function builtFile(source, root = projectRoot()) {
  return join(root, 'dist', source.replace(/\.ts$/, '.js'));
}

/** Whether dist/ is not what the sources say. */
export function buildIsStale(root = projectRoot()) {
  return readStamp(root) !== sourcesDigest(root);
}

/** Compiles the sources into dist/ where they have changed since. */
export async function ensureBuild(root = projectRoot()) {
  // Taken before compiling: a file saved meanwhile makes the next start compile again.
  const digest = sourcesDigest(root);
  if (readStamp(root) === digest) return;
  const why = existsSync(stampFile(root))
    ? 'sources have changed; compiling them into dist/'
    : 'compiling the sources into dist/';
  await step(why, 'a second', () => build(root));
  replaceFile(stampFile(root), digest);
}

/** A digest over path, time and size of everything the build reads: cheap, and enough to notice an edit. */
export function sourcesDigest(root = projectRoot()) {
  const hash = createHash('sha256').update(lockfileDigest(root) ?? '');
  for (const file of sourceFiles(root)) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function sourceFiles(root) {
  const files = [];
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (/\.(ts|tsx|mjs)$/.test(entry.name)) files.push(path);
    }
  };
  for (const folder of sourceFolders) if (existsSync(join(root, folder))) visit(folder);
  return files.sort();
}

async function build(root) {
  const entryPoints = sourceFiles(root).filter((file) => entryFiles.includes(file) || threadFile.test(file));
  if (entryPoints.length === 0)
    throw new SetUpError(`nothing to compile in ${root}: none of ${entryFiles.join(', ')} is there.`);
  const esbuild = await loadEsbuild(root);
  const result = await esbuild
    .build({
      absWorkingDir: root,
      entryPoints,
      outdir: 'dist',
      outbase: '.',
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      splitting: true,
      sourcemap: true,
      chunkNames: 'chunks/[name]-[hash]',
      logLevel: 'silent',
      write: false,
    })
    .catch((error) => {
      throw new SetUpError(compileErrors(error));
    });
  writeOut(root, result.outputFiles, entryPoints);
}

async function loadEsbuild(root) {
  const folder = packageFolder('esbuild', root);
  if (!folder)
    throw new SetUpError(`the compiler (npm package esbuild) is not in ${join(root, 'node_modules')}. Run \`npm ci\`.`);
  const loaded = await import(pathToFileURL(join(folder, 'lib', 'main.js')).href);
  return loaded.default ?? loaded;
}

/**
 * Chunks first, entry points last, each by rename: a run that starts meanwhile sees the old entry or the new
 * one, and finds every chunk either of them names. A run from before may still load its own chunks, so what
 * is no longer written stays for a day.
 */
function writeOut(root, outputs, entryPoints) {
  const entries = new Set(entryPoints.map((source) => builtFile(source, root)));
  const written = new Set(outputs.map((output) => output.path));
  for (const last of [false, true]) {
    for (const output of outputs) if (entries.has(output.path) === last) replaceFile(output.path, output.contents);
  }
  removeOld(join(root, 'dist'), (path) => written.has(path) || path === stampFile(root));
}

function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

function removeOld(folder, keep) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeOld(path, keep);
    else if (!keep(path) && Date.now() - statSync(path).mtimeMs > oldAfterMs) rmSync(path, { force: true });
  }
}

function compileErrors(error) {
  if (!error.errors?.length) return `the sources do not compile: ${error.message}`;
  const lines = error.errors.slice(0, 10).map(({ location, text }) => {
    const where = location
      ? `${relative('.', location.file) || location.file}:${location.line}:${location.column + 1}`
      : 'esbuild';
    return `  ${where}: ${text}`;
  });
  return `the sources do not compile (${error.errors.length} errors); mend them and run the same command again:\n${lines.join('\n')}`;
}

function readStamp(root) {
  try {
    return readFileSync(stampFile(root), 'utf8');
  } catch {
    return undefined;
  }
}

const stampFile = (root) => join(root, 'dist', '.stamp');
