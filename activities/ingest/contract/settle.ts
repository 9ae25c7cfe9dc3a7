import {
  contractTables,
  nestedTableName,
  type ColumnType,
  type SourceColumn,
  type SourcePlan,
} from '../../../workflows/definition/index.ts';
import type { FieldFinding } from '../rows/reading.ts';
import { TypeEvidence, type EvidenceData } from '../types/evidence.ts';
import { narrowestType, wideningOf } from '../types/narrowest-type.ts';
import { limitTable } from './column-limits.ts';
import { refuseNewColumns } from './breaches.ts';
import { columnNames } from '../../names/names.ts';
import { pathOf, type Settled, type SettledColumn, type SettledTable } from './settled.ts';

/** What the contract alone says: the tables and columns it names, by their lists. */
export function settleDeclared(source: SourcePlan): Settled {
  const [records, ...lists] = contractTables(source).map(({ list, name, columns }): SettledTable => {
    return { list, name, columns: columns.map((column) => declared(source, column)) };
  });
  return {
    tables: [records ?? { list: '', name: source.name, columns: [] }, ...lists],
    key: source.key,
    asJson: Object.entries(source.nested).flatMap(([path, way]) => (way === 'json' && path !== '*' ? [path] : [])),
    leftOut: [],
  };
}

/**
 * Takes in what a reader found: new lists become tables, new fields columns, and disproved types wider ones, all as the
 * contract says. Errors: `ContractBreach` where it says `freeze`.
 */
export function settleFindings(
  source: SourcePlan,
  settled: Settled,
  findings: readonly FieldFinding[],
  file: string,
): Settled {
  const isNew = ({ table, field }: FieldFinding): boolean => columnOf(settled, table, field) === undefined;
  const fresh = findings.filter(isNew);
  if (fresh.length > 0 && newColumnsMode(source) === 'freeze') throw refuseNewColumns(source, fresh, file);
  const names = newNames(settled, fresh);
  const after = findings.reduce((before, finding) => settleFinding(source, before, finding, names), settled);
  for (const { name, columns } of after.tables) limitTable(file, name, columns.length);
  return after;
}

/** The records' columns as `fields` has them; behind those all others as they stand. */
export function inFileOrder(settled: Settled, fields: readonly string[]): Settled {
  const places = new Map(fields.map((field, index) => [field, index]));
  const place = ({ field }: SettledColumn): number => places.get(field) ?? fields.length;
  return inTable(settled, '', (columns) => columns.toSorted((one, other) => place(one) - place(other)));
}

/** Whether columns that the contract does not name become columns of the table. */
export function takesNewColumns(source: SourcePlan): boolean {
  return newColumnsMode(source) === 'evolve';
}

/** Whether a field is a column already, or left out. */
export function isKnown(settled: Settled, list: string, field: string): boolean {
  const path = pathOf(list, field);
  return (
    columnOf(settled, list, field) !== undefined ||
    settled.leftOut.some((left) => pathOf(left.list, left.field) === path)
  );
}

/** Without any promise every column is a new one, and welcome. */
function newColumnsMode(source: SourcePlan): SourcePlan['contract']['newColumns'] {
  return source.columns.length === 0 ? 'evolve' : source.contract.newColumns;
}

/** What new columns are called, by their paths: all at once, as each must differ from all others of its table. */
function newNames(settled: Settled, fresh: readonly FieldFinding[]): ReadonlyMap<string, string> {
  const lists = new Set(fresh.map(({ table }) => table));
  return new Map(
    [...lists].flatMap((list) => {
      const fields = fresh.flatMap(({ table, field }) => (table === list ? [field] : []));
      const taken = settled.tables.find((table) => table.list === list)?.columns.map(({ name }) => name) ?? [];
      return columnNames(fields, taken).map(({ name, original }): [string, string] => [pathOf(list, original), name]);
    }),
  );
}

function settleFinding(
  source: SourcePlan,
  settled: Settled,
  finding: FieldFinding,
  names: ReadonlyMap<string, string>,
): Settled {
  const { table, field, kind } = finding;
  const known = columnOf(settled, table, field);
  if (known) return kind === 'value' ? widen(settled, table, known, finding) : keepAsJson(settled, finding, known);
  const path = pathOf(table, field);
  if (isKnown(settled, table, field)) return settled;
  switch (newColumnsMode(source)) {
    case 'discard-value':
      return { ...settled, leftOut: [...settled.leftOut, { list: table, field }] };
    case 'discard-row':
      return addColumn(kind === 'value' ? settled : asJson(settled, path), finding, 'forbidden', names);
    default:
  }
  if (kind === 'list' && (source.nested[path] ?? source.nested['*'] ?? 'tables') === 'tables') {
    return addTable(source, settled, `${path}[]`);
  }
  return addColumn(kind === 'value' ? settled : asJson(settled, path), finding, 'inferred', names);
}

function declared(source: SourcePlan, column: SourceColumn): SettledColumn {
  const isKey = column.list === '' && source.key.includes(column.name);
  const required = column.required || isKey;
  return { ...column, required, isKey, origin: 'declared', absentIn: [], evolves: source.contract.types === 'evolve' };
}

function addTable(source: SourcePlan, settled: Settled, list: string): Settled {
  if (settled.tables.some((table) => table.list === list)) return settled;
  return { ...settled, tables: [...settled.tables, { name: nestedTableName(source.name, list), list, columns: [] }] };
}

function addColumn(
  settled: Settled,
  finding: FieldFinding,
  origin: 'inferred' | 'forbidden',
  names: ReadonlyMap<string, string>,
): Settled {
  const { table: list, field, kind, evidence } = finding;
  const name = names.get(pathOf(list, field)) ?? field;
  const isKey = list === '' && settled.key.includes(name);
  const column: SettledColumn = {
    name,
    list,
    field,
    type: kind === 'value' ? (finding.type ?? withRoom(narrowestType(evidence))) : { kind: 'text' },
    required: isKey,
    isKey,
    formats: [],
    origin,
    absentIn: [],
    evolves: origin === 'inferred' && kind === 'value',
    evidence,
  };
  return inTable(settled, list, (columns) => [...columns, column]);
}

/** A type that a value disproved gives way to the narrowest that holds it and all before it. */
function widen(settled: Settled, list: string, column: SettledColumn, { evidence }: FieldFinding): Settled {
  const all = column.evidence ? merged(column.evidence, evidence) : evidence;
  const wider: SettledColumn = {
    ...column,
    type: withRoom(wideningOf(column.type, all)),
    evidence: all,
  };
  return inTable(settled, list, (columns) => columns.map((other) => (other === column ? wider : other)));
}

/** Sometimes a value, sometimes more than one: only its JSON text holds all of it. */
function keepAsJson(settled: Settled, { table, field }: FieldFinding, column: SettledColumn): Settled {
  const kept = dropBelow(asJson(settled, pathOf(table, field)), pathOf(table, field));
  if (column.origin !== 'inferred') return kept;
  return inTable(kept, table, (columns) =>
    columns.map((other) => (other === column ? { ...column, type: { kind: 'text' }, evolves: false } : other)),
  );
}

/** What was inferred inside a value that stays JSON text is no column or table of its own. */
function dropBelow(settled: Settled, path: string): Settled {
  const [records, ...lists] = settled.tables;
  const above = (table: SettledTable): SettledTable => ({
    ...table,
    columns: table.columns.filter(
      ({ list, field, origin }) => origin !== 'inferred' || !pathOf(list, field).startsWith(`${path}.`),
    ),
  });
  const kept = lists.filter(
    ({ list, columns }) => !list.startsWith(`${path}[]`) || columns.some(({ origin }) => origin === 'declared'),
  );
  return { ...settled, tables: [above(records), ...kept.map(above)] };
}

function asJson(settled: Settled, path: string): Settled {
  return settled.asJson.includes(path) ? settled : { ...settled, asJson: [...settled.asJson, path] };
}

function inTable(
  settled: Settled,
  list: string,
  change: (columns: readonly SettledColumn[]) => readonly SettledColumn[],
): Settled {
  const [records, ...lists] = settled.tables;
  const changed = (table: SettledTable): SettledTable =>
    table.list === list ? { ...table, columns: change(table.columns) } : table;
  return { ...settled, tables: [changed(records), ...lists.map(changed)] };
}

/** A column that must take more than it does, where the contract lets it: found when its rows were judged. */
export interface WiderColumn {
  readonly list: string;
  readonly name: string;
  /** `blank`: nothing, though a value is required; `value`: one that is not of its type. */
  readonly takes: 'blank' | 'value';
}

/** A column that takes blanks is not required any more; one whose late casts failed is text, which holds whatever it holds. */
export function widenJudged(settled: Settled, wider: readonly WiderColumn[]): Settled {
  return wider.reduce(
    (before, { list, name, takes }) =>
      inTable(before, list, (columns) =>
        columns.map((column): SettledColumn => {
          if (column.name !== name) return column;
          return takes === 'blank'
            ? { ...column, required: false }
            : { ...column, type: { kind: 'text' }, formats: [] };
        }),
      ),
    settled,
  );
}

function columnOf(settled: Settled, list: string, field: string): SettledColumn | undefined {
  return settled.tables.find((table) => table.list === list)?.columns.find((column) => column.field === field);
}

/**
 * Decimals get the digits of 64 or of 128 bits, whatever their values needed so far: a larger number, later in the file or
 * in the file of tomorrow, then is no other type.
 */
function withRoom(type: ColumnType): ColumnType {
  return type.kind === 'decimal' ? { ...type, precision: type.precision <= 18 ? 18 : 38 } : type;
}

function merged(one: EvidenceData, other: EvidenceData): EvidenceData {
  const both = new TypeEvidence();
  both.merge(one);
  both.merge(other);
  return both.data();
}
