import type { RowLayout, RowTable } from '../rows/layout.ts';
import type { FieldFinding } from '../rows/reading.ts';
import { NO_EVIDENCE } from '../types/evidence.ts';
import type { ParquetDescription } from './describe-parquet.ts';
import type { ParquetTable } from './parquet-fields.ts';
import { takes } from './parquet-rows.ts';
import { evidenceOf } from './scalar-type.ts';

/** What the file has and the layout does not know, or assumes of another type. Types alone decide; no value is read. */
export function parquetFindings({ fields, rows }: ParquetDescription, layout: RowLayout): FieldFinding[] {
  const leftOut = new Set(layout.leftOut);
  const whole = (table: string, field: string): string => (table === '' ? field : `${table}.${field}`);
  const findings: FieldFinding[] = [];
  const walk = (has: ParquetTable): void => {
    const known: RowTable | undefined = layout.tables.find(({ path }) => path === has.path);
    for (const field of has.fields) {
      if (leftOut.has(whole(has.path, field.field))) continue;
      const column = known?.columns.find((one) => one.field === field.field);
      const assumedRight = column && (column.onMisfit === 'suspect' || canHold(column.carrier, field));
      if (assumedRight) continue;
      const { type } = field.scalar;
      const evidence = evidenceOf(type, rows);
      findings.push({ table: has.path, field: field.field, kind: 'value', line: 1, evidence, type });
    }
    for (const list of has.lists) {
      const path = whole(has.path, list.field);
      if (leftOut.has(path)) continue;
      if (!layout.tables.some((table) => table.path === list.table.path)) {
        findings.push({ table: has.path, field: list.field, kind: 'list', line: 1, evidence: NO_EVIDENCE });
      }
      walk(list.table);
    }
  };
  walk(fields);
  return findings;
}

/** Dates and times of the same kind go through the strict cast, and are no reason for another type. */
function canHold(carrier: RowTable['columns'][number]['carrier'], field: ParquetTable['fields'][number]): boolean {
  return takes(carrier, field) || (carrier.kind !== 'decimal' && carrier.kind === field.scalar.type.kind);
}
