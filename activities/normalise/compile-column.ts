import type { Condition, Reading, TargetColumnPlan, Term } from '../../workflows/definition/index.ts';
import { duckdbType } from '../duckdb/column-types.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { blankSql, compileCast, type Cast } from '../ingest/types/cast-sql.ts';
import { conditionSql } from './condition-sql.ts';
import { epochCast } from './epoch-cast.ts';
import type { ValuePaths } from './value-paths.ts';

/** One place that a column's value may come from, as SQL in steps, each of which sees what the ones before it have added. */
interface Leaf {
  /** The text as it stands there. */
  readonly source: string;
  /** What is taken of it; undefined: all. */
  readonly taken?: string;
  /** The typed value; undefined: it is the text. */
  readonly typed?: string;
  /** Why there is none, of a text that is not blank. */
  readonly reason?: string;
}

export interface CompiledColumn {
  readonly name: string;
  readonly leaves: readonly Leaf[];
  /** SQL over what the leaves have added: the value, called as the column is. */
  readonly value: string;
  /** SQL over that as well: why the value is none that the column may have, or NULL; it is called `problem`. */
  readonly judged: string;
  /** SQL name of that. */
  readonly problem: string;
}

/** SQL of a term: whether it has a value, the value, and why not. */
interface Choice {
  readonly has: string;
  readonly value: string;
  readonly reason: string;
}

/** @param term where a mapping says nothing of the column: undefined */
export function compileColumn(column: TargetColumnPlan, term: Term | undefined, paths: ValuePaths): CompiledColumn {
  const { name, required, type, row } = column;
  const leaves: Leaf[] = [];
  const terms = [...(term === undefined ? [] : [term]), ...(row === undefined ? [] : [{ row }])];
  const choice = compileTerm(terms, { column, paths, leaves });
  const value = identifier(`c_${name}`);
  const problem = identifier(`q_${name}`);
  const cases = [
    ...(choice.reason === NO_REASON ? [] : [`WHEN ${choice.reason} IS NOT NULL THEN ${choice.reason}`]),
    ...refusals(column, value).map(([condition, words]) => `WHEN ${condition} THEN ${literal(words)}`),
    ...(required ? [`WHEN ${value} IS NULL OR NOT ${choice.has} THEN 'blank where a value is required'`] : []),
  ];
  const reason = cases.length === 0 ? NO_REASON : `CASE ${cases.join(' ')} END`;
  return {
    ...{ name, leaves, problem },
    value: `CAST(${choice.value} AS ${duckdbType(type)}) AS ${value}`,
    judged: `${reason} AS ${problem}`,
  };
}

/** SQL conditions that a value of the column must not meet. */
function refusals({ type, oneOf, like }: TargetColumnPlan, value: string): [condition: string, words: string][] {
  return [
    // No database that rows go to has a text with it.
    ...(type.kind === 'text' ? [[`contains(${value}, chr(0))`, 'a NUL character'] as [string, string]] : []),
    ...(oneOf
      ? [
          [`NOT list_contains([${oneOf.map(literal).join(', ')}], ${value})`, 'not one of its values'] as [
            string,
            string,
          ],
        ]
      : []),
    ...(like ? [[`NOT regexp_full_match(${value}, ${literal(like)})`, `not like ${like}`] as [string, string]] : []),
  ];
}

interface Site {
  readonly column: TargetColumnPlan;
  readonly paths: ValuePaths;
  /** Gets those of the term. */
  readonly leaves: Leaf[];
}

function compileTerm(term: Term, site: Site): Choice {
  if (isList(term)) return firstOf(term.map((one) => compileTerm(one, site)));
  if ('if' in term) {
    const holds = holdsSql(term.if, site.paths);
    const then = compileTerm(term.then, site);
    const otherwise = term.else === undefined ? NOTHING : compileTerm(term.else, site);
    const either = (part: keyof Choice): string => `CASE WHEN ${holds} THEN ${then[part]} ELSE ${otherwise[part]} END`;
    return { has: `(${either('has')})`, value: either('value'), reason: either('reason') };
  }
  return compileLeaf(term, site);
}

const NO_REASON = 'CAST(NULL AS VARCHAR)';
const NOTHING: Choice = { has: 'false', value: 'NULL', reason: NO_REASON };

function firstOf(choices: readonly Choice[]): Choice {
  const [only] = choices;
  if (!only) return NOTHING;
  if (choices.length === 1) return only;
  const first = (part: 'value' | 'reason'): string =>
    `CASE ${choices.map((choice) => `WHEN ${choice.has} THEN ${choice[part]}`).join(' ')} END`;
  return {
    has: `(${choices.map(({ has }) => has).join(' OR ')})`,
    value: first('value'),
    reason: first('reason'),
  };
}

function holdsSql(conditions: readonly Condition[], paths: ValuePaths): string {
  return conditions.map((condition) => conditionSql(condition, paths.at(condition.path))).join(' AND ');
}

type LeafTerm = Exclude<Term, readonly Term[] | { readonly if: unknown }>;

function compileLeaf(term: LeafTerm, { column, paths, leaves }: Site): Choice {
  const at = `${column.name}_${leaves.length}`;
  const reading: Reading = 'constant' in term ? {} : term;
  const isText = column.type.kind === 'text';
  const isPart = reading.capture !== undefined || reading.lookup !== undefined;
  const s = `"s_${at}"`;
  const t = isPart ? `"t_${at}"` : s;
  const x = isText ? t : `"x_${at}"`;
  const cast = castFor({ ...column, required: false, formats: reading.formats ?? column.formats }, reading.epoch);
  const source =
    'constant' in term ? literal(term.constant) : 'row' in term ? paths.row(term.row) : paths.at(term.path);
  const captured =
    reading.capture === undefined
      ? s
      : `CASE WHEN regexp_full_match(${s}, ${literal(reading.capture)}) THEN regexp_extract(${s}, ${literal(`^(?:${reading.capture})$`)}, 1) END`;
  const taken = reading.lookup === undefined ? captured : lookupSql(captured, reading.lookup, reading.otherwise);
  const blank = blankSql(s);
  // A text that nothing could be taken from is not the same as none.
  const refused = [
    ...(reading.capture === undefined ? [] : [[`(${captured}) IS NULL`, 'not written as its mapping expects']]),
    ...(reading.lookup === undefined ? [] : [[`${t} IS NULL`, 'not in the lookup of its mapping']]),
  ].map(([condition, words]) => `WHEN ${blank} THEN NULL WHEN ${condition} THEN ${literal(words!)}`);
  const reason = [...refused, ...(isText ? [] : [`WHEN true THEN ${cast.reason(t, x)}`])];
  const r = `"r_${at}"`;
  leaves.push({
    source: `${source} AS ${s}`,
    ...(isPart ? { taken: `${taken} AS ${t}` } : {}),
    ...(isText ? {} : { typed: `${cast.value(t)} AS ${x}` }),
    ...(reason.length > 0 ? { reason: `CASE ${reason.join(' ')} END AS ${r}` } : {}),
  });
  return { has: `NOT ${blank}`, value: x, reason: reason.length > 0 ? r : NO_REASON };
}

function castFor(column: TargetColumnPlan, epoch: 'seconds' | 'milliseconds' | undefined): Cast {
  return epoch === undefined ? compileCast(column) : epochCast(column, epoch);
}

function lookupSql(text: string, lookup: Readonly<Record<string, string>>, otherwise: string | undefined): string {
  const cases = Object.entries(lookup).map(([from, to]) => `WHEN ${literal(from)} THEN ${literal(to)}`);
  return `CASE ${text} ${cases.join(' ')} ELSE ${otherwise === undefined ? 'NULL' : literal(otherwise)} END`;
}

function isList(term: Term): term is readonly Term[] {
  return Array.isArray(term);
}
