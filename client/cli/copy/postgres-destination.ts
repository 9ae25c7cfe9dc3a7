import type { DestinationPlace } from '../../../workflows/definition/index.ts';
import { holdsPassword } from '../../../workflows/definition/server-url.ts';
import { usageError } from '../command-error.ts';

const SCHEME = /^postgres(?:ql)?:/i;
const URL_FORM = /^postgres(?:ql)?:\/\//i;
const SETTING = /^[A-Z][A-Z0-9_]*$/;
const LONGEST_NAME = 63;

const WAYS =
  'write postgresql://user@host:5432/database, or name the setting that holds such a URL: postgres:WAREHOUSE_URL, postgres:WAREHOUSE_URL/schema';

/** Whether a destination is a Postgres, by what it begins with. */
export function isPostgres(written: string): boolean {
  return SCHEME.test(written);
}

/** @throws CommandError (exit 2) that repeats nothing of what was typed, where a password is part of it */
export function refusePassword(written: string): void {
  if (!isPostgres(written) || !holdsPassword(written)) return;
  throw usageError(
    'The URL of the destination holds a password. What is typed is kept in the history of the shell, and others see it in the list of processes.',
    'leave it out, and set PGPASSWORD or write ~/.pgpass where the worker runs; or put the whole URL into a setting, and name that: postgres:WAREHOUSE_URL',
  );
}

/**
 * `postgres:WAREHOUSE_URL`, `postgres:WAREHOUSE_URL/raw` or `postgresql://user@host:5432/db`. Nothing is looked up: the
 * worker that does it may know other settings.
 *
 * @param address without what stands behind `?`
 * @param inQuery the schema, where it is named behind `?`
 * @throws CommandError (exit 2)
 */
export function parsePostgres(address: string, inQuery: string | undefined): DestinationPlace {
  return URL_FORM.test(address) ? byUrl(address, inQuery) : bySetting(address.replace(SCHEME, ''), inQuery);
}

function byUrl(url: string, schema: string | undefined): DestinationPlace {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || /[\s#]/.test(url) || !/^\/[^/]+$/.test(parsed.pathname)) {
    throw usageError(
      `"${url}" ${parsed && parsed.pathname.length <= 1 ? 'names no database' : 'is no URL of a Postgres database'}.`,
      WAYS,
    );
  }
  if (schema === undefined) return { kind: 'postgres', path: url, server: { url } };
  requireName(schema);
  return { kind: 'postgres', path: `${url}?schema=${encodeURIComponent(schema)}`, server: { url, schema } };
}

function bySetting(named: string, inQuery: string | undefined): DestinationPlace {
  const [setting = '', behind, ...more] = named.split('/');
  if (!SETTING.test(setting) || more.length > 0) {
    const slip = SETTING.test(setting.toUpperCase())
      ? ` Settings are written in capitals: ${setting.toUpperCase()}?`
      : '';
    throw usageError(`"postgres:${named}" names no setting and no database.${slip}`, WAYS);
  }
  if (behind !== undefined && inQuery !== undefined && behind !== inQuery) {
    throw usageError(`"postgres:${named}" names two schemas: ${behind} and ${inQuery}.`, 'say it once');
  }
  const schema = behind ?? inQuery;
  if (schema === undefined) return { kind: 'postgres', path: `postgres:${setting}`, server: { setting } };
  requireName(schema);
  return { kind: 'postgres', path: `postgres:${setting}/${schema}`, server: { setting, schema } };
}

function requireName(schema: string): void {
  if (schema !== '' && Buffer.byteLength(schema) <= LONGEST_NAME && !schema.includes('/')) return;
  throw usageError(`"${schema}" cannot be a schema's name.`, `one to ${LONGEST_NAME} bytes are expected, and no /`);
}

/** The setting that a DuckLake's catalogue is looked up in. @throws CommandError (exit 2) */
export function requireSetting(setting: string, written: string): string {
  if (SETTING.test(setting)) return setting;
  throw usageError(
    `"${written}" says catalog=…, and that is no name of a setting.`,
    'name the setting that holds the URL of a Postgres database: catalog=CATALOG_URL',
  );
}
