/**
 * Paths, as `RowColumn.field`, `RowTable.path`, `asJson`, `leftOut` and findings write them:
 *
 * - `meta.code`: keys of nested objects, joined by points. A key that is empty or holds a point, bracket, quote or
 *   backslash is written as a JSON string: `meta."a.b"`.
 * - `items[]`: the entries of a list; `items[].taxes[]`, `matrix[][]`.
 * - A column's `field` is relative to its table: `sku` in `items[]`. Entries that are single values have the field
 *   `value`. A list inside a list is the finding `{ table: 'matrix[]', field: '' }`.
 */

/** One step down a record: the key of an object, or into the entries of a list. */
export type PathStep = string | typeof ENTRIES;

/** The entries of a list: `[]`. */
export const ENTRIES = Symbol('entries');

/** Keys that would be read as something else in a path; they are written as JSON strings: `meta."a.b"`. */
const NEEDS_QUOTES = /[.[\]"\\]|^$/;

/** A key as paths write it. */
export function pathKey(key: string): string {
  return NEEDS_QUOTES.test(key) ? JSON.stringify(key) : key;
}

/** The path of what stands under `key` at `path`: `meta` and `code` make `meta.code`. */
export function keyPath(path: string, key: string): string {
  return path === '' ? pathKey(key) : `${path}.${pathKey(key)}`;
}

/**
 * The steps of a path such as `items[].meta."a.b"`. The point before a `[` may stand or not. Text that is no path is
 * taken as it is, for keys that were written without quotes; nothing throws.
 */
export function pathSteps(path: string): PathStep[] {
  const steps: PathStep[] = [];
  for (let at = 0; at < path.length;) {
    if (path.startsWith('[]', at)) {
      steps.push(ENTRIES);
      at += 2;
    } else if (path[at] === '.') {
      at += 1;
    } else {
      const quoted = path[at] === '"' ? quotedKey(path, at) : undefined;
      const end = quoted ? quoted.end : plainEnd(path, at);
      steps.push(quoted ? quoted.key : path.slice(at, end));
      at = end;
    }
  }
  return steps;
}

function plainEnd(path: string, at: number): number {
  for (let end = at + 1; end < path.length; end += 1) {
    if (path[end] === '.' || path.startsWith('[]', end)) return end;
  }
  return path.length;
}

function quotedKey(path: string, at: number): { key: string; end: number } | undefined {
  for (let end = at + 1; end < path.length; end += 1) {
    if (path[end] === '\\') end += 1;
    else if (path[end] === '"') return { key: unquoted(path.slice(at, end + 1)), end: end + 1 };
  }
  return undefined;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
