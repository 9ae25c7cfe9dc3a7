import { createHash } from 'node:crypto';
import { memberPath, type ValueKind } from '../../workflows/definition/index.ts';

/** The structure of a record, values aside. */
export interface Shape {
  /** `sh_` and twelve hex digits, from the paths and kinds. */
  readonly id: string;
  /** Path → what stands there, by path. The root's own path is `''`. */
  readonly paths: Readonly<Record<string, ValueKind>>;
}

/** As DuckDB's `json_structure` writes it: kinds of scalars, members by name, the one element that a list's have in common. */
export type Structure = string | { readonly [name: string]: Structure } | readonly [Structure];

const KINDS: Readonly<Record<string, ValueKind>> = {
  NULL: 'null',
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  UBIGINT: 'number',
  BIGINT: 'number',
  HUGEINT: 'number',
  DOUBLE: 'number',
  JSON: 'mixed',
};

/** The shape of a record. The order of members and how large a number is make no difference. */
export function shapeOf(structure: Structure): Shape {
  const paths = new Map<string, ValueKind>();
  collect(structure, '', paths);
  const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  return { id: `sh_${digest.slice(0, 12)}`, paths: Object.fromEntries(sorted) };
}

function collect(structure: Structure, path: string, paths: Map<string, ValueKind>): void {
  if (typeof structure === 'string') {
    paths.set(path, KINDS[structure] ?? 'mixed');
    return;
  }
  if (isList(structure)) {
    // A list of which nothing is known is an empty one.
    if (structure[0] === 'NULL') paths.set(`${path}[]`, 'list');
    else collect(structure[0], `${path}[]`, paths);
    return;
  }
  const members = Object.entries(structure);
  if (members.length === 0) paths.set(path, 'mixed');
  for (const [name, member] of members) collect(member, memberPath(path, name), paths);
}

/** Objects and lists inside one another: DuckDB's functions of JSON come to their end at some thousands. */
const MOST_NESTED = 1_000;

/**
 * The structure of a value that `JSON.parse` gave, the same as DuckDB finds in its text, but for kinds of numbers. Error
 * `RangeError`: it is nested too deeply.
 */
export function structureOf(value: unknown, depth = 0): Structure {
  if (depth > MOST_NESTED) throw new RangeError('nested too deeply');
  if (value === null) return 'NULL';
  const below = (member: unknown): Structure => structureOf(member, depth + 1);
  if (Array.isArray(value)) return [value.map(below).reduce(merged, 'NULL')];
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, below(member)]));
  return { string: 'VARCHAR', boolean: 'BOOLEAN', number: 'DOUBLE' }[typeof value as 'string' | 'boolean' | 'number'];
}

/** What elements of a list have in common. */
function merged(one: Structure, other: Structure): Structure {
  if (one === 'NULL') return other;
  if (other === 'NULL') return one;
  if (typeof one === 'string' || typeof other === 'string') return one === other ? one : 'JSON';
  if (isList(one) || isList(other)) return isList(one) && isList(other) ? [merged(one[0], other[0])] : 'JSON';
  const members = new Map(Object.entries(one));
  for (const [name, member] of Object.entries(other)) {
    const known = members.get(name);
    members.set(name, known === undefined ? member : merged(known, member));
  }
  return Object.fromEntries(members);
}

function isList(structure: Structure): structure is readonly [Structure] {
  return Array.isArray(structure);
}
