import { parsePath, type Condition } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { conditionSql } from './condition-sql.ts';

/** The values of a record that a mapping takes: all of them are looked up in one go. */
export class ValuePaths {
  readonly #beside: readonly string[];
  readonly #pointers: string[] = [];

  constructor(beside: readonly string[]) {
    this.#beside = beside;
  }

  /** SQL of the text at a path, NULL where there is none; over what `lists` has added. */
  at(path: string): string {
    const pointer = pointerOf(path);
    const known = this.#pointers.indexOf(pointer);
    return `v[${known < 0 ? this.#pointers.push(pointer) : known + 1}]`;
  }

  /** SQL of what stands beside the record. */
  row(path: string): string {
    const [column = '', ...inside] = parsePath(path) ?? [];
    if (!this.#beside.includes(String(column))) return 'CAST(NULL AS VARCHAR)';
    const whole = identifier(`row_${column}`);
    if (inside.length === 0) return whole;
    // A column of text may hold anything.
    return `CASE WHEN json_valid(${whole}) THEN json_extract_string(${whole}, ${literal(pointerTo(inside))}) END`;
  }

  /** What a relation needs to have besides for `at`. */
  lists(): string[] {
    if (this.#pointers.length === 0) return ['CAST([] AS VARCHAR[]) AS v'];
    return [`json_extract_string("values", [${this.#pointers.map(literal).join(', ')}]) AS v`];
  }

  /** SQL of conditions that all hold, over `values` itself. */
  standalone(conditions: readonly Condition[]): string {
    if (conditions.length === 0) return 'true';
    return conditions
      .map((condition) =>
        conditionSql(condition, `json_extract_string("values", ${literal(pointerOf(condition.path))})`),
      )
      .join(' AND ');
  }
}

/** A path as a JSON pointer. */
export function pointerOf(path: string): string {
  const segments = parsePath(path);
  if (!segments) throw new Error(`${path} passed validation and is no path`);
  return pointerTo(segments);
}

function pointerTo(segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
