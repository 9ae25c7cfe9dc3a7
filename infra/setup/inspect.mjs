import { statSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { cacheFolder, isFile } from './cache-folder.mjs';
import { clamd } from './clamd.mjs';
import { duckdbPlatform, duckdbVersion, extensionFile, requiredExtensions } from './duckdb-extensions.mjs';
import { nodeModulesNeed } from './node-modules.mjs';
import { nodeTooOld, oldestNode } from './node-version.mjs';
import { fakeGcs, moto, objectServerVersions, versitygw } from './object-servers.mjs';
import { onPath } from './on-path.mjs';
import { packageFolder, packageVersion, projectRoot } from './project.mjs';
import { runProgram } from './run-program.mjs';
import { findTemporal, temporalVersion, usesOwnServer } from './temporal-server.mjs';
import { testServer, testServerVersion } from './test-server.mjs';

/** What set-up would do about it: start any command. */
const byItself = 'any command that runs a pipeline provides it: npm run acequia -- run <pipeline>';

/** Looks at everything Acequia needs or can use on this machine. Changes nothing. */
export async function inspect() {
  const rows = [
    node(),
    npm(),
    nodeModules(),
    temporal(),
    duckdb(),
    ...requiredExtensions.map(extension),
    ...testing(),
    ...builders(),
    cache(),
  ];
  return Promise.all(rows);
}

function node() {
  const found = process.versions.node;
  return {
    what: 'Node',
    needed: `${oldestNode.join('.')} or newer`,
    version: found,
    where: process.execPath,
    from: `${platform()} ${arch()}`,
    state: nodeTooOld(found) ? 'old' : 'ok',
    how: 'install a current Node: https://nodejs.org, or `nvm install --lts`',
    optional: false,
  };
}

async function npm() {
  const where = onPath('npm');
  const startedBy = /\bnpm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1];
  const version = startedBy ?? (where && (await firstLine(where, ['--version'])));
  return row({
    what: 'npm',
    needed: 'any',
    version,
    where,
    from: 'PATH',
    how: 'it comes with Node: https://nodejs.org',
  });
}

function nodeModules() {
  const need = nodeModulesNeed();
  const where = packageFolder('@temporalio/client')?.replace(/[\\/]@temporalio[\\/]client$/, '');
  return {
    what: 'Node packages',
    needed: 'as in package-lock.json',
    version: where && `@temporalio ${packageVersion('@temporalio/client')}`,
    where,
    from: 'npm ci',
    state: !need ? 'ok' : need === 'missing' ? 'missing' : 'old',
    how: `npm ci in ${projectRoot()}`,
    optional: false,
  };
}

async function temporal() {
  const how = `${byItself}; or set TEMPORAL_ADDRESS to a server that runs, see docker-compose.temporal.yml`;
  const what = 'Temporal dev server';
  if (!usesOwnServer()) {
    const [name, value] = process.env.TEMPORAL_ADDRESS
      ? ['TEMPORAL_ADDRESS', process.env.TEMPORAL_ADDRESS]
      : ['TEMPORAL_PROFILE', process.env.TEMPORAL_PROFILE];
    return {
      what,
      needed: `none, ${name} names a server`,
      version: undefined,
      where: value,
      from: name,
      state: 'ok',
      how,
      optional: false,
    };
  }
  const found = findTemporal();
  const spoken = found && (await firstLine(found.path, ['--version']));
  const server = /Server ([\d.]+)/.exec(spoken ?? '')?.[1];
  return row({
    what,
    needed: `any (set-up takes ${temporalVersion})`,
    version: server ? `server ${server}` : spoken,
    where: found?.path,
    from: found?.from,
    how,
  });
}

function duckdb() {
  const where = packageFolder('@duckdb/node-api');
  return row({
    what: 'DuckDB',
    needed: 'as in package-lock.json',
    version: duckdbVersion(),
    where,
    from: `npm, ${duckdbPlatform()}`,
    how: 'npm ci',
  });
}

function extension({ name, why }) {
  const file = extensionFile(name);
  const found = isFile(file);
  return row({
    what: `DuckDB extension ${name}`,
    needed: `${duckdbVersion() ?? 'that of DuckDB'}, ${why.replace(/^which /, '')}`,
    version: found ? duckdbVersion() : undefined,
    where: found ? file : undefined,
    from: 'cache',
    how: byItself,
  });
}

function testing() {
  return [
    forTests('Temporal test server', testServer(), testServerVersion),
    forTests('clamd', clamd(), undefined),
    forTests('versitygw', versitygw(), objectServerVersions.versitygw),
    forTests('fake-gcs-server', fakeGcs(), objectServerVersions.fakeGcs),
    forTests('moto', moto(), objectServerVersions.moto),
  ];
}

function forTests(what, found, version) {
  return row({
    what,
    needed: 'only by `npm test`',
    version: found && version,
    where: found?.path,
    from: found?.from,
    how: '`npm test` provides it',
    optional: true,
  });
}

/** Programs with which set-up can build or fetch what it cannot download. */
function builders() {
  const programs = [
    {
      what: 'Go',
      program: 'go',
      args: ['version'],
      needed: 'only to build the Temporal dev server, and servers for tests',
      how: 'https://go.dev/dl',
    },
    {
      what: 'Python',
      program: 'python3',
      args: ['--version'],
      needed: 'only to fetch DuckDB extensions or Go from PyPI',
      how: 'https://www.python.org/downloads',
    },
    {
      what: 'Java',
      program: 'java',
      args: ['--version'],
      needed: 'only for the test server',
      how: 'https://adoptium.net',
    },
    {
      what: 'Maven',
      program: 'mvn',
      args: undefined,
      needed: 'only to fetch the test server',
      how: 'https://maven.apache.org',
    },
  ];
  return programs.map(async ({ what, program, args, needed, how }) => {
    const where = onPath(program);
    const spoken = where && args && (await firstLine(where, args));
    const version = /\d+(\.\d+)*/.exec(spoken ?? '')?.[0];
    return row({ what, needed, version, where, from: where && 'PATH', how, optional: true });
  });
}

function cache() {
  const where = cacheFolder();
  const there = statSync(where, { throwIfNoEntry: false })?.isDirectory();
  return {
    what: 'Cache folder',
    needed: 'made when needed; deleting it is safe',
    version: undefined,
    where,
    from: process.env.XDG_CACHE_HOME ? 'XDG_CACHE_HOME' : 'home folder',
    state: there ? 'ok' : 'missing',
    how: byItself,
    optional: true,
  };
}

function row({ what, needed, version, where, from, how, optional = false }) {
  return { what, needed, version, where, from: where && from, state: where ? 'ok' : 'missing', how, optional };
}

async function firstLine(program, args) {
  try {
    const output = await runProgram(program, args, { timeLimitMs: 5_000 });
    return output.trim().split('\n')[0];
  } catch {
    return undefined;
  }
}
