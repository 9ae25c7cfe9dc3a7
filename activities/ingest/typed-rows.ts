import type { SourcePlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { readCanonical } from './canonical-sql.ts';
import { decodeSql } from './canonical.ts';
import { compileCast } from './cast-sql.ts';
import { KEPT_BYTES } from './record-text.ts';
import type { SplitSummary } from './split-job.ts';

/** The provenance columns of staged rows. */
const PROVENANCE = ['_line', '_offset'] as const;

/** What stands before the values in a canonical row. */
const NUMBERS = ['line', 'byte_offset', 'length'] as const;

/** A contract as SQL. Columns are called `v0…` as text and `t0…` as values until they get their names at the very end. */
export interface TypedRows {
  /**
   * Every good record: `t0…`, `line`, `byte_offset`, `length`, `agrees` (the proof came out the same), `failed` (position
   * of the first column that does not fit, or NULL), `reason`, `value`.
   */
  select(goodPath: string, summary: SplitSummary): string;
  /** Staged columns out of those: the contract's, then provenance. */
  readonly staged: string;
  /** The SQL names of the key's columns. */
  readonly key: readonly string[];
  /** SQL: column name, and what was expected of it, for a position in `failed`. */
  readonly failedColumn: string;
  readonly failedExpected: string;
}

/** Error `DefinitionInvalid`: a format makes no sense, or names clash. */
export function compileTypedRows(source: SourcePlan): TypedRows {
  refuseClashes(source);
  const casts = source.columns.map((column) => compileCast(column));
  const each = (write: (index: number) => string): string[] => source.columns.map((_, index) => write(index));
  const choose = (values: readonly string[]): string =>
    `CASE failed ${values.map((value, index) => `WHEN ${index} THEN ${literal(value)}`).join(' ')} END`;

  const select = (goodPath: string, summary: SplitSummary): string => {
    const raw = readCanonical(
      goodPath,
      [
        ...NUMBERS.map((name) => [name, 'BIGINT'] as const),
        ...each((i) => `v${i}`).map((name) => [name, 'VARCHAR'] as const),
        ['proof', 'BIGINT'],
      ],
      { delimiter: source.delimiter, longestRow: summary.longestRow },
    );
    const texts = each((i) => (summary.escaped[i] ? `${decodeSql(`v${i}`)} AS v${i}` : `v${i}`));
    const reasons = source.columns.map(
      (column, i) => `${literal(`${column.name}: `)} || ${casts[i]?.reason(`v${i}`, `t${i}`)} AS r${i}`,
    );
    const proof = each((i) => `CASE WHEN v${i} IS NULL THEN 0 ELSE ${i + 1} * (strlen(v${i}) + 1) END`).join(' + ');
    const first = (write: (index: number) => string): string =>
      `CASE ${each((i) => `WHEN r${i} IS NOT NULL THEN ${write(i)}`).join(' ')} END`;
    return `
      SELECT ${each((i) => `t${i}`).join(', ')}, line, byte_offset, length, proof = ${proof} AS agrees,
        ${first(String)} AS failed, ${first((i) => `r${i}`)} AS reason, left(${first((i) => `v${i}`)}, ${KEPT_BYTES}) AS value
      FROM (SELECT *, ${reasons.join(', ')}
        FROM (SELECT *, ${casts.map((cast, i) => `${cast.value(`v${i}`)} AS t${i}`).join(', ')}
          FROM (SELECT ${texts.join(', ')}, line, byte_offset, length, proof FROM ${raw})))`;
  };
  return {
    select,
    staged: [
      ...source.columns.map((column, i) => `t${i} AS ${identifier(column.name)}`),
      'line AS _line',
      'byte_offset AS _offset',
    ].join(', '),
    key: source.key.map((name) => `t${source.columns.findIndex((column) => column.name === name)}`),
    failedColumn: choose(source.columns.map((column) => column.name)),
    failedExpected: choose(casts.map((cast) => cast.expected)),
  };
}

/** DuckDB takes `Id` and `id` for one name. */
function refuseClashes(source: SourcePlan): void {
  const seen = new Set<string>(PROVENANCE);
  for (const { name } of source.columns) {
    if (seen.has(name.toLowerCase())) {
      throw new AcequiaError('DefinitionInvalid', {
        what: `The column "${name}" has the name of another one, or of a provenance column (${PROVENANCE.join(', ')}).`,
        where: `sources.${source.name}.columns`,
        why: 'Capital and small letters do not tell columns apart in SQL.',
        remedy: 'rename the column in the file and in the contract',
      });
    }
    seen.add(name.toLowerCase());
  }
  const unknown = source.key.find((name) => !source.columns.some((column) => column.name === name));
  if (unknown === undefined) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `The key names a column "${unknown}" that the contract does not have.`,
    where: `sources.${source.name}.key`,
    remedy: 'name columns of the contract',
  });
}
