import { closest } from '../../../workflows/definition/closest.ts';
import type { DestinationKind } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';

/** What may be said behind the `?` of a destination, and of which kinds. */
const QUERY = {
  table: undefined,
  mode: undefined,
  key: undefined,
  schema: ['postgres'],
  catalog: ['ducklake'],
} as const satisfies Readonly<Record<string, readonly DestinationKind[] | undefined>>;

export type QueryName = keyof typeof QUERY;

export type DestinationQuery = Readonly<Partial<Record<QueryName, string>>>;

/**
 * @param text what stands behind the `?`
 * @param written the whole destination, for people
 * @throws CommandError (exit 2)
 */
export function parseQuery(text: string, written: string, kind: DestinationKind): DestinationQuery {
  const names = (Object.keys(QUERY) as QueryName[]).filter((name) => isOf(name, kind));
  const query: Partial<Record<QueryName, string>> = {};
  for (const [given, value] of new URLSearchParams(text)) {
    const name = names.find((known) => known === given);
    if (!name) {
      const others =
        kind === 'postgres' ? 'put the URL into a setting and name that (postgres:SETTING)' : 'all else is a flag';
      throw usageError(
        `"${given}" behind the ? of "${written}" means nothing.${closest(given, names)}`,
        `use one of: ${names.map((known) => `${known}=…`).join(', ')}; ${others}`,
      );
    }
    if (value === '') throw usageError(`"${name}" behind the ? of "${written}" is empty.`, `${name}=<value>`);
    if (query[name] !== undefined && query[name] !== value) {
      throw usageError(`"${written}" says ${name} twice: ${query[name]} and ${value}.`, 'say it once');
    }
    query[name] = value;
  }
  return query;
}

function isOf(name: QueryName, kind: DestinationKind): boolean {
  const kinds: readonly DestinationKind[] | undefined = QUERY[name];
  return kinds === undefined || kinds.includes(kind);
}
