/**
 * npm hands every `--flag` of `npm run … --flag value` down as an `npm_config_…` variable. A nested npm
 * would take the person's `--dry-run`, `--json` or `--env` for its own settings, so of these variables
 * only those pass that say where packages come from and how to reach it.
 */
const passed = new Set([
  'registry',
  'ca',
  'cafile',
  'cert',
  'certfile',
  'keyfile',
  'strict_ssl',
  'proxy',
  'https_proxy',
  'http_proxy',
  'noproxy',
  'cache',
  'userconfig',
  'globalconfig',
  'prefix',
  'nodedir',
  'omit_lockfile_registry_resolved',
  'replace_registry_host',
  'fetch_retries',
  'fetch_retry_factor',
  'fetch_retry_mintimeout',
  'fetch_retry_maxtimeout',
  'fetch_timeout',
  'maxsockets',
  'offline',
  'prefer_offline',
  'script_shell',
  'ignore_scripts',
  'node_gyp',
  'local_address',
]);

/** The environment for a nested npm: the given one without the flags meant for the command line. */
export function npmEnvironment(environment = process.env) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isPassed(name)));
}

function isPassed(name) {
  const key = /^npm_config_(.+)$/i.exec(name)?.[1];
  if (key === undefined) return true;
  const scopeOrCredentials = key.startsWith('@') || key.startsWith('//') || key.startsWith('_');
  return scopeOrCredentials || passed.has(key.toLowerCase().replaceAll('-', '_'));
}
