import type { ColumnType, SourceColumn, SourcePlan } from '../../../workflows/definition/index.ts';
import type { Carrier, RowLayout, RowTable } from '../rows/layout.ts';
import { isOwnSpellingCertain } from '../types/date-reading.ts';
import type { EvidenceData } from '../types/evidence.ts';

/** A column as the files and the contract together make it. */
export interface SettledColumn extends SourceColumn {
  /** `forbidden`: the contract does not name it, and a record that has a value in it is quarantined. It is not staged. */
  readonly origin: 'declared' | 'inferred' | 'forbidden';
  /** Names of the files that do not have it though it is declared: there it is NULL, and nothing is required of it unless the contract discards such rows. */
  readonly absentIn: readonly string[];
  /** Whether a value that is not of this type makes the column wider, instead of breaking its record. */
  readonly evolves: boolean;
  /** Part of the key: required, also where the contract evolves or a file does not have it, as nothing else tells the row apart. */
  readonly isKey: boolean;
  /** What its values have shown so far; absent where nothing had to be found out. */
  readonly evidence?: EvidenceData;
}

export interface SettledTable {
  readonly name: string;
  /** The list whose members are its rows: `''` for the records, `items[]`. */
  readonly list: string;
  readonly columns: readonly SettledColumn[];
}

/** What a source's files are read as. */
export interface Settled {
  readonly tables: readonly [SettledTable, ...SettledTable[]];
  /** Names of the key's columns, of the first table. */
  readonly key: readonly string[];
  /** Paths of values that stay JSON text. */
  readonly asJson: readonly string[];
  /** Fields that are left out, by `list` and `field`. */
  readonly leftOut: readonly { readonly list: string; readonly field: string }[];
}

/** Digits that a carried decimal may have: it must fit 64 bits. */
const CARRIED_DIGITS = 18;

/**
 * The layout that a reader of this file needs. `fields`: those the file has, where it says so; columns of others are not
 * read, and are NULL, unless the contract discards records that lack them, or the key needs them.
 */
export function layoutOf(
  settled: Settled,
  { contract }: Pick<SourcePlan, 'contract'>,
  file: string,
  fields?: readonly string[],
): RowLayout {
  const [records, ...lists] = settled.tables;
  const requireMissing = contract.missingColumns === 'discard-row';
  const known = fields ? new Set(fields) : undefined;
  const read = records.columns.filter(
    ({ field, absentIn, isKey }) =>
      known === undefined || known.has(field) || isKey || (requireMissing && absentIn.includes(file)),
  );
  const promises = contract.types !== 'evolve';
  const layout = (table: SettledTable): RowTable => tableLayout(table, file, requireMissing, promises);
  const names = read.map(({ name }) => name);
  return {
    tables: [layout({ ...records, columns: read }), ...lists.map(layout)],
    key: settled.key.flatMap((name) => (names.includes(name) ? [names.indexOf(name)] : [])),
    asJson: settled.asJson,
    leftOut: settled.leftOut.map(({ list, field }) => pathOf(list, field)),
  };
}

/** Whether values are carried as text and still have to be cast. */
export function castLater(column: SettledColumn): boolean {
  return column.origin === 'forbidden' || (carrierOf(column).kind === 'text' && column.type.kind !== 'text');
}

/** A field's whole path from the record: `items[].qty`. */
export function pathOf(list: string, field: string): string {
  return list === '' ? field : `${list}.${field}`;
}

/**
 * `requireMissing`: whether a column that the file does not have breaks each of its records; `promises`: whether a record is
 * broken that has not the structure which the contract names.
 */
function tableLayout(
  { name, list, columns }: SettledTable,
  file: string,
  requireMissing: boolean,
  promises: boolean,
): RowTable {
  return {
    name,
    path: list,
    columns: columns.map((column) => {
      const absent = column.absentIn.includes(file);
      // No other type would bring a column that is not there.
      const widens = column.evolves && !castLater(column) && !(absent && requireMissing);
      return {
        name: column.name,
        field: column.field,
        carrier: carrierOf(column),
        required: absent ? requireMissing || column.isKey : column.required && !castLater(column),
        onMisfit: widens ? 'widen' : 'suspect',
        ...(promises && column.origin === 'declared' ? { promised: true } : {}),
      };
    }),
  };
}

/** What a reader carries a column's values as. */
export function carrierOf(column: SettledColumn): Carrier {
  const { formats, type, origin, evolves } = column;
  if (origin === 'forbidden') return { kind: 'text' };
  // Of texts in other spellings only the late cast can tell whether they disprove the type.
  const isMet = formats.length > 0 || type.kind === 'timestamptz';
  if (isMet && (evolves || !isOwnSpellingCertain(column))) return { kind: 'text' };
  return carriedAs(type);
}

function carriedAs(type: ColumnType): Carrier {
  switch (type.kind) {
    case 'decimal':
      return type.precision <= CARRIED_DIGITS ? type : { kind: 'text' };
    case 'integer':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return { kind: type.kind };
    default:
      return { kind: 'text' };
  }
}
