import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { Site } from './site.ts';

/** A table that is there, and the rows that come: what a mode works on. Both have the same columns of the same types. */
export interface Target {
  readonly site: Site;
  /** The table's own name. */
  readonly name: string;
  /** As SQL writes it at the site. */
  readonly table: string;
  /** The rows that come, as SQL reads them at the site; the key stands once in them and is never NULL. */
  readonly load: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Whether the table itself has this key, so that no two rows share one. */
  readonly isUnique: boolean;
  /** Columns whose type knows no equality at the site, such as `json` in Postgres: their text is compared. */
  readonly asText: readonly string[];
  /** Columns of text, which are ordered by their bytes. */
  readonly texts: readonly string[];
  /** What stands behind `FROM` to give the rows of a relation in the order in which they are to be inserted. */
  readonly inOrder: (relation: string) => string;
}

/** A condition: two rows have the same key. */
export function sameKey({ key }: Pick<Target, 'key'>, left: string, right: string): string {
  return key.map((name) => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(' AND ');
}

/** A condition: some column that is not part of the key differs between two rows. */
export function differ(
  { key, columns, asText }: Pick<Target, 'key' | 'columns' | 'asText'>,
  left: string,
  right: string,
): string {
  const value = (side: string, name: string): string => {
    const column = `${side}.${identifier(name)}`;
    return asText.includes(name) ? `CAST(${column} AS text)` : column;
  };
  const others = columns.filter((name) => !key.includes(name));
  return others.map((name) => `${value(left, name)} IS DISTINCT FROM ${value(right, name)}`).join(' OR ') || 'false';
}

export function insertRows({ site, table, columns, inOrder }: Target, relation: string): Promise<void> {
  const list = identifiers(columns);
  return site.run(`INSERT INTO ${table} (${list}) SELECT ${list} FROM ${inOrder(relation)}`);
}
