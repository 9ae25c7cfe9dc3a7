/** One statement of a file of SQL, without its semicolon. */
export interface SqlStatement {
  readonly text: string;
  /** Where it begins in the file, in UTF-16 units. */
  readonly offset: number;
}

/** What has an end of its own, in which a semicolon ends nothing: strings, names, dollar quotes and comments to the line's end. */
const QUOTED = [
  /--[^\n]*/y,
  /[eE]'(?:[^'\\]|\\[^]|'')*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[^]*?\1/uy,
];
/** A word is taken whole: `e'` and `$` inside of one begin nothing. */
const WORD = /(?![eE]')[\p{L}\p{N}_][\p{L}\p{N}_$]*/uy;

/**
 * Takes a file of Postgres' SQL apart into its statements, as psql does: at semicolons outside of parentheses, strings,
 * dollar quotes and comments. Pure. It knows no `BEGIN ATOMIC`, and no commands of psql.
 */
export function sqlStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let start: number | undefined;
  let depth = 0;
  const end = (at: number): void => {
    if (start !== undefined) statements.push({ text: sql.slice(start, at), offset: start });
    start = undefined;
    depth = 0;
  };
  for (let at = 0; at < sql.length;) {
    const comment = sql.startsWith('/*', at) ? blockComment(sql, at) : undefined;
    const quoted = comment ?? match(QUOTED, sql, at);
    if (quoted !== undefined) {
      const isComment = comment !== undefined || sql.startsWith('--', at);
      if (!isComment) start ??= at;
      at += quoted;
      continue;
    }
    const sign = sql[at]!;
    if (sign === ';' && depth === 0) end(at);
    else if (sign.trim() !== '') start ??= at;
    if (sign === '(') depth += 1;
    if (sign === ')') depth = Math.max(0, depth - 1);
    at += match([WORD], sql, at) ?? 1;
  }
  end(sql.length);
  return statements;
}

/** Line and column of a place, both from 1; `offset` in UTF-16 units. */
export function lineAndColumn(sql: string, offset: number): { readonly line: number; readonly column: number } {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, column: Array.from(before.at(-1)!).length + 1 };
}

function match(patterns: readonly RegExp[], sql: string, at: number): number | undefined {
  for (const pattern of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(sql);
    if (found) return found[0].length;
  }
  return undefined;
}

/** Comments of this kind lie within each other. One that is not closed reaches to the end. */
function blockComment(sql: string, at: number): number {
  const signs = /\/\*|\*\//g;
  signs.lastIndex = at;
  for (let depth = 0, found = signs.exec(sql); found; found = signs.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return signs.lastIndex - at;
  }
  return sql.length - at;
}
