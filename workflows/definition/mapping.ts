/**
 * The mapping language: data that says how records of a shape become rows of a table. A mapping is validated by
 * `mapping-schema.ts`, and compiled to SQL by `activities/normalise/`.
 *
 * Paths name a value inside a record: `meta.code`, `lines[0].qty`; a name with other characters than letters, digits, `_`,
 * `-` and `@` stands in quotes: `"unit price".value`. In shapes `lines[]` stands for every element of a list.
 */

/** What a value is in JSON. `list`: an empty one; `mixed`: an empty object, or what differs among the elements of a list. */
export const VALUE_KINDS = ['text', 'number', 'boolean', 'null', 'list', 'mixed'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** Path → one kind, or several with `|` between them. */
export type ShapePaths = Readonly<Record<string, string>>;

/** Which records a mapping is for: those that have all required paths, and no other than required and optional ones. */
export interface MappingShape {
  readonly required: ShapePaths;
  /** May be missing or null. Default: none. */
  readonly optional?: ShapePaths;
}

/** What must hold of a record. Texts are compared as JSON has them: `true`, `12.5`. */
export interface Condition {
  readonly path: string;
  readonly equals?: string | number | boolean;
  readonly oneOf?: readonly (string | number | boolean)[];
  /** A regular expression (RE2) that the whole text fits. */
  readonly like?: string;
  /** Whether there is a value other than null. */
  readonly present?: boolean;
}

/** How a text is read. */
export interface Reading {
  /** A regular expression (RE2) with one group, which is what is taken. A text that it does not fit is refused. */
  readonly capture?: string;
  /** Text → what is taken for it. */
  readonly lookup?: Readonly<Record<string, string>>;
  /** What is taken for a text that `lookup` does not have. Default: it is refused. */
  readonly otherwise?: string;
  /** Spellings besides the column type's own, as a contract has them: `1.234,56`, `DD/MM/YYYY`. */
  readonly formats?: readonly string[];
  /** A number that counts since 1970 (UTC). */
  readonly epoch?: 'seconds' | 'milliseconds';
}

export type Term =
  | ({ readonly path: string } & Reading)
  /** A column that stands beside the record where it comes from, and a path inside it: `merchant.name`. */
  | ({ readonly row: string } & Reading)
  | { readonly constant: string }
  | { readonly if: readonly Condition[]; readonly then: Term; readonly else?: Term }
  /** The first one that has a value. */
  | readonly Term[];

/** How records of one shape become rows. A version never changes: what is mended gets the next number. */
export interface Mapping {
  readonly id: string;
  /** From 1 on; the greatest that is approved is in force. */
  readonly version: number;
  readonly summary?: string;
  readonly shape: MappingShape;
  /** What else must hold of a record. Default: nothing. */
  readonly when?: readonly Condition[];
  /** Target column → where its value comes from. A column that is not named is taken from beside the record, or NULL. */
  readonly columns: Readonly<Record<string, Term>>;
}

/** A name, or an index of a list. `[]`: every element. */
export type PathSegment = string | number;

const SEGMENT = /^(?:(?:^|\.)([\p{L}\p{N}_@#-]+|"(?:[^"\\]|\\.)*")|\[(\d+)\]|\[\])/u;

/** The segments of a path, `[]` being `'[]'`; `undefined` for what is none. */
export function parsePath(path: string): PathSegment[] | undefined {
  const segments: PathSegment[] = [];
  for (let rest = path; rest !== '';) {
    const found = SEGMENT.exec(rest);
    if (!found || (segments.length === 0 && rest.startsWith('.'))) return undefined;
    const [whole, name, index] = found;
    if (name !== undefined) segments.push(name.startsWith('"') ? unquoted(name) : name);
    else segments.push(index === undefined ? '[]' : Number(index));
    rest = rest.slice(whole.length);
    if (segments.length > 0 && rest !== '' && !/^[.[]/.test(rest)) return undefined;
  }
  return segments;
}

function unquoted(name: string): string {
  return name.slice(1, -1).replaceAll(/\\(.)/gsu, '$1');
}

/** A path that goes on with a member of that name. */
export function memberPath(parent: string, name: string): string {
  const plain = /^[\p{L}\p{N}_@#-]+$/u.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
  return parent === '' ? plain : `${parent}.${plain}`;
}
