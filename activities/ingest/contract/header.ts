import type { SourcePlan } from '../../../workflows/definition/index.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { closest } from '../../../workflows/definition/closest.ts';
import { matchColumns } from '../../names/names.ts';
import { limitHeader } from './column-limits.ts';
import type { Settled, SettledColumn } from './settled.ts';

export interface Header {
  /** The file's name for people. */
  readonly file: string;
  /** 1-based line of the header; 0 where there is none. */
  readonly line: number;
  readonly names: readonly string[];
}

/** A header held against the columns that are settled so far. */
export interface HeldHeader {
  readonly settled: Settled;
  /** For each field of the file, in order, the settled field it is, or a name of its own. */
  readonly fields: readonly string[];
}

/**
 * Finds the settled columns in a header, by their exact names or else by names that mean the same (`Order ID`,
 * `order_id`). Errors: `ContractBreach` for a column that is promised and missing where the contract freezes, or that
 * stands there twice.
 */
export function holdHeader(header: Header, settled: Settled, source: SourcePlan): HeldHeader {
  limitHeader(header.file, header.line, header.names.length);
  const columns = settled.tables[0].columns;
  const positions = matchColumns(
    columns.map(({ field }) => field),
    header.names,
  );
  refuseDoubles(header, columns);
  // Nobody promised what was only found in another file.
  const missing = columns.filter(({ origin }, index) => origin === 'declared' && positions[index] === undefined);
  refuseMissing(header, missing, source);
  const fields = ownFields(header.names);
  positions.forEach((position, index) => {
    if (position !== undefined) fields[position] = columns[index]?.field ?? '';
  });
  return { settled: without(settled, missing, header.file), fields };
}

/**
 * The same for a file that has no header and yet says what its records have: their paths, which are its own names.
 * Error: `ContractBreach`.
 */
export function holdPaths(file: string, paths: readonly string[], settled: Settled, source: SourcePlan): Settled {
  const missing = settled.tables[0].columns.filter(
    ({ origin, field }) =>
      origin === 'declared' && !paths.some((path) => path === field || path.startsWith(`${field}.`)),
  );
  refuseMissing({ file, line: 1, names: paths }, missing, source);
  return without(settled, missing, file);
}

function without(settled: Settled, missing: readonly SettledColumn[], file: string): Settled {
  const absent = (column: SettledColumn): SettledColumn =>
    missing.includes(column) && !column.absentIn.includes(file)
      ? { ...column, absentIn: [...column.absentIn, file] }
      : column;
  const [records, ...lists] = settled.tables;
  return { ...settled, tables: [{ ...records, columns: records.columns.map(absent) }, ...lists] };
}

/** Names that tell the fields of one file apart: a repeated one gets its number, one without a name its position. */
function ownFields(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((given, index) => {
    const name = given.trim() === '' ? `column_${index + 1}` : given;
    let own = name;
    for (let number = 2; seen.has(own) || (own !== name && taken.has(own)); number += 1) own = `${name} (${number})`;
    seen.add(own);
    return own;
  });
}

function refuseDoubles({ file, line, names }: Header, columns: readonly SettledColumn[]): void {
  const twice = columns.find(
    ({ origin, field }) => origin === 'declared' && names.filter((name) => name === field).length > 1,
  );
  if (!twice) return;
  throw new AcequiaError('ContractBreach', {
    what: `The promised column "${twice.name}" stands in the header more than once.`,
    where: `${file}:${line}`,
    why: toldHeader(names),
    remedy: 'rename or drop one of them in the file: which one is meant cannot be told',
  });
}

function refuseMissing({ file, line, names }: Header, promised: readonly SettledColumn[], source: SourcePlan): void {
  if (promised.length === 0 || source.contract.missingColumns !== 'freeze') return;
  const named = promised.map(({ name }) => `"${name}"`).join(', ');
  const isTable = source.ownRows === true;
  const hints = promised.map(({ name }) => closest(name, names)).join('');
  throw new AcequiaError('ContractBreach', {
    what: `The ${isTable ? 'table' : 'file'} lacks the promised ${promised.length === 1 ? 'column' : 'columns'} ${named}.${hints}`,
    where: isTable ? source.path : `${file}:${Math.max(line, 1)}`,
    why: isTable ? `Its columns are: ${names.join(', ')}.` : toldHeader(names),
    remedy:
      `add ${promised.length === 1 ? 'it' : 'them'} to the ${isTable ? 'table' : 'file'}, mend sources.${source.name}.columns, ` +
      `or set contract: { missingColumns: 'evolve' }`,
  });
}

function toldHeader(names: readonly string[]): string {
  return `The header is: ${names.map((name) => JSON.stringify(name)).join(', ')}`;
}
