import type { NestedColumn, NestedType } from '../../duckdb/nested-type.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import { keyPath } from '../nested/field-path.ts';
import { scalarType, type ScalarType } from './scalar-type.ts';

/** A single value in the rows of a table. */
export interface ParquetField {
  /** Path inside the table's row, as layouts write it. */
  readonly field: string;
  /** SQL over the table's rows. */
  readonly sql: string;
  readonly scalar: ScalarType;
  /** DuckDB's name of its type; `JSON` for what is kept as JSON text. */
  readonly type: string;
}

/** The rows that one list, or the file itself, makes. */
export interface ParquetTable {
  /** `''` for the records, `items[]`. */
  readonly path: string;
  readonly fields: readonly ParquetField[];
  readonly lists: readonly ParquetList[];
}

/** A list inside the rows of a table. */
export interface ParquetList {
  /** Path inside the row of its table. */
  readonly field: string;
  /** SQL of the list over the table's rows. */
  readonly sql: string;
  /** SQL of one of its entries is `entry`. */
  readonly table: ParquetTable;
}

/** Values that nothing here can hold. */
export interface UnknownField {
  readonly path: string;
  readonly type: string;
}

/** What the file's own rows are called in SQL, so that no column is mistaken for one of ours. */
export const FILE = 'the_file';
/** How `ParquetTable`s see the entry of the list they are made of. */
export const ENTRY = 'entry';

/**
 * Takes the columns of a file apart: structs into fields `meta.code`, lists into tables `items[]`, maps into tables of
 * `key` and `value`. `asJson`: paths that stay JSON text. `pick`: another way to take a scalar, by its path.
 */
export class FieldsOf {
  readonly root: ParquetTable;
  readonly unknown: UnknownField[] = [];
  readonly #asJson: ReadonlySet<string>;
  readonly #pick: ReadonlyMap<string, ScalarType>;

  constructor(
    columns: readonly NestedColumn[],
    asJson: readonly string[],
    pick: ReadonlyMap<string, ScalarType> = new Map<string, ScalarType>(),
  ) {
    this.#asJson = new Set(asJson);
    this.#pick = pick;
    const fields: ParquetField[] = [];
    const lists: ParquetList[] = [];
    for (const { name, type } of columns)
      this.#add('', keyPath('', name), `${FILE}.${identifier(name)}`, type, fields, lists);
    this.root = { path: '', fields, lists };
  }

  #add(
    table: string,
    field: string,
    sql: string,
    type: NestedType,
    fields: ParquetField[],
    lists: ParquetList[],
  ): void {
    const path = table === '' ? field : `${table}.${field}`;
    if (type.kind === 'scalar') {
      const scalar = this.#pick.get(path) ?? scalarType(type.name);
      if (scalar) fields.push({ field, sql, scalar, type: type.name });
      else this.unknown.push({ path, type: type.name });
    } else if (this.#asJson.has(path)) {
      fields.push({ field, sql, scalar: { type: { kind: 'text' }, text: jsonText(type) }, type: 'JSON' });
    } else if (type.kind === 'struct') {
      for (const { name, type: member } of type.members) {
        this.#add(table, keyPath(field, name), `struct_extract(${sql}, ${literal(name)})`, member, fields, lists);
      }
    } else {
      const entry = type.kind === 'list' ? type.of : entryOf(type.key, type.value);
      const list = type.kind === 'list' ? sql : `map_entries(${sql})`;
      lists.push({ field, sql: list, table: this.#tableOf(`${path}[]`, entry) });
    }
  }

  #tableOf(path: string, entry: NestedType): ParquetTable {
    const fields: ParquetField[] = [];
    const lists: ParquetList[] = [];
    if (entry.kind === 'struct') {
      for (const { name, type } of entry.members) {
        this.#add(path, keyPath('', name), `struct_extract(${ENTRY}, ${literal(name)})`, type, fields, lists);
      }
    } else if (entry.kind === 'scalar') {
      this.#add(path, 'value', ENTRY, entry, fields, lists);
    } else {
      // A list inside a list: `matrix[][]`.
      const list = entry.kind === 'list' ? ENTRY : `map_entries(${ENTRY})`;
      const inner = entry.kind === 'list' ? entry.of : entryOf(entry.key, entry.value);
      lists.push({ field: '', sql: list, table: this.#tableOf(`${path}[]`, inner) });
    }
    return { path, fields, lists };
  }
}

function entryOf(key: NestedType, value: NestedType): NestedType {
  const members = [
    { name: 'key', type: key },
    { name: 'value', type: value },
  ];
  return { kind: 'struct', members };
}

/** JSON text in which numbers are as exact as in the file: what JSON readers round is a string. */
function jsonText(type: NestedType): (value: string) => string {
  return (value) => `CAST(to_json(CAST(${value} AS ${jsonType(type)})) AS VARCHAR)`;
}

function jsonType(type: NestedType): string {
  switch (type.kind) {
    case 'scalar':
      return ['BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT', 'UINTEGER'].includes(type.name)
        ? type.name
        : 'VARCHAR';
    case 'list':
      return `${jsonType(type.of)}[]`;
    case 'map':
      return `MAP(VARCHAR, ${jsonType(type.value)})`;
    case 'struct':
      return `STRUCT(${type.members.map(({ name, type: member }) => `${identifier(name)} ${jsonType(member)}`).join(', ')})`;
  }
}
