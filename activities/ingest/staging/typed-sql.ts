import { provenanceType } from '../../names/provenance.ts';
import type { Contract } from '../../../workflows/definition/index.ts';
import { duckdbType } from '../../duckdb/column-types.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import { carrierOf, castLater, type SettledColumn, type SettledTable } from '../contract/settled.ts';
import { KEPT_BYTES } from '../rows/record-text.ts';
import { blankSql, compileCast, type Cast } from '../types/cast-sql.ts';

/**
 * A settled table as SQL over the row files of a reader. Columns are called `t0…` until they get their names at the very
 * end, so that no name of a file can clash with one of ours.
 */
export interface TypedTable {
  readonly isList: boolean;
  /** Whether good rows have values that are still texts. */
  readonly castsGood: boolean;
  /**
   * The rows of row files: `t0…`, provenance, `failed`, and of columns that are cast `v0…` as read and `r0…`, why not, or
   * NULL. Of suspects, whose columns are all texts, every column is cast. A column that no file has is NULL.
   */
  rows(files: readonly string[], of: 'good' | 'suspect'): string;
  /**
   * The values that do not fit, one row each: `_file, _line, _offset, position` (in its list; 0 for records),
   * `column_number`, `column`, `value`, `expected`, `reason`, `blank`: nothing stands there, and `whole`: not the value
   * alone, but its record cannot be taken. Of what `good` or `suspect` gave; empty text where nothing is judged.
   */
  misfits(rows: string, of: 'good' | 'suspect'): string;
  /** SQL: a record's cells as they were read, as one JSON object of texts. */
  cells(of: 'good' | 'suspect'): string;
  /** What is staged of those: the table's columns, then provenance. */
  readonly staged: string;
  /** SQL names of key columns. */
  names(columns: readonly string[]): string[];
}

/** Error `DefinitionInvalid`: a format makes no sense. */
export function compileTypedTable(
  { list, columns }: SettledTable,
  contract: Contract,
  provenance: readonly string[],
): TypedTable {
  const casts = columns.map((column) => (column.origin === 'forbidden' ? FORBIDDEN : compileCast(column)));
  const wholeSql = ({ origin, absentIn, isKey }: SettledColumn): string => {
    // Without its key no row can be loaded.
    if (origin === 'forbidden' || (isKey && contract.types === 'discard-value')) return 'true';
    return absentIn.length === 0 ? 'false' : `_file IN (${absentIn.map(literal).join(', ')})`;
  };
  const label = (column: SettledColumn): string => (list === '' ? column.name : `${list}.${column.name}`);

  const castOf = { good: columns.map(castLater), suspect: columns.map(() => true) };

  const typed = (rows: string, isCast: readonly boolean[]): string => {
    const texts = columns.map(({ name }, i) => `${identifier(name)} AS ${isCast[i] ? 'v' : 't'}${i}`);
    const judged = columns.flatMap((column, i) => {
      const cast = isCast[i] ? casts[i] : undefined;
      if (!cast) return [];
      return [
        {
          i,
          value: cast.value(`v${i}`),
          reason: reasonSql(column, label(column), cast.reason(`v${i}`, `t${i}`), contract),
        },
      ];
    });
    const values = judged.map(({ i, value }) => `, ${value} AS t${i}`);
    const reasons = judged.map(({ i, reason }) => `, ${reason} AS r${i}`);
    const failed = judged.length === 0 ? 'false' : `coalesce(${judged.map(({ i }) => `r${i}`).join(', ')}) IS NOT NULL`;
    return `
      SELECT *, ${failed} AS failed FROM (SELECT *${reasons.join('')} FROM (SELECT *${values.join('')}
        FROM (SELECT ${listed(texts)} ${provenance.map(identifier).join(', ')} FROM ${rows})))`;
  };
  const rowsOf = (files: readonly string[], of: 'good' | 'suspect'): string => {
    const typed = columns.map(
      (column) => `CAST(NULL AS ${of === 'good' ? carriedType(column) : 'VARCHAR'}) AS ${identifier(column.name)}`,
    );
    const none = `SELECT ${[...typed, ...provenance.map(noProvenance)].join(', ')} WHERE false`;
    if (files.length === 0) return `(${none})`;
    return `(SELECT * FROM read_parquet([${files.map(literal).join(', ')}], union_by_name = true) UNION ALL BY NAME ${none})`;
  };
  return {
    isList: list !== '',
    castsGood: columns.some(castLater),
    rows: (files, of) => typed(rowsOf(files, of), castOf[of]),
    misfits: (rows, of) => {
      const position = list === '' ? '0' : '_position';
      const one = (column: SettledColumn, i: number): string => `
        SELECT _file, _line, _offset, ${position} AS position, ${i} AS column_number,
          ${literal(label(column))} AS "column", left(CAST(v${i} AS VARCHAR), ${KEPT_BYTES}) AS value,
          ${literal(casts[i]?.expected ?? '')} AS expected, r${i} AS reason,
          ${blankSql(`CAST(v${i} AS VARCHAR)`)} AS blank, ${wholeSql(column)} AS whole
        FROM ${rows} WHERE r${i} IS NOT NULL`;
      return columns.flatMap((column, i) => (castOf[of][i] ? [one(column, i)] : [])).join('\nUNION ALL ');
    },
    cells: (of) => {
      const cells = columns.map(({ name }, i) => {
        return `${literal(name)}, CAST(${castOf[of][i] ? 'v' : 't'}${i} AS VARCHAR)`;
      });
      return `CAST(json_object(${cells.join(', ')}) AS VARCHAR)`;
    },
    staged: listed([
      ...columns.flatMap(({ name, origin }, i) => (origin === 'forbidden' ? [] : [`t${i} AS ${identifier(name)}`])),
    ]).concat(provenance.map(identifier).join(', ')),
    names: (wanted) => wanted.map((name) => `t${columns.findIndex((column) => column.name === name)}`),
  };
}

function noProvenance(name: string): string {
  return `CAST(NULL AS ${provenanceType(name)}) AS ${identifier(name)}`;
}

/** The type in a row file. */
function carriedType(column: SettledColumn): string {
  return duckdbType(carrierOf(column));
}

/** A value in a column that the contract does not have. */
const FORBIDDEN: Cast = {
  expected: 'no value',
  value: () => 'NULL',
  reason: (text) => `CASE WHEN trim(${text}) <> '' THEN 'value in a column that the contract does not name' END`,
};

function reasonSql(column: SettledColumn, label: string, reason: string, { missingColumns }: Contract): string {
  const told = `${literal(`${label}: `)} || ${reason}`;
  if (column.absentIn.length === 0) return told;
  const breaks = missingColumns === 'discard-row' || column.isKey;
  const absent = breaks ? literal(`${label}: the file has no such column`) : 'NULL';
  return `CASE WHEN _file IN (${column.absentIn.map(literal).join(', ')}) THEN ${absent} ELSE ${told} END`;
}

/** A list that others follow. */
function listed(expressions: readonly string[]): string {
  return expressions.map((expression) => `${expression}, `).join('');
}
