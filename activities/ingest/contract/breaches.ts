import type { SourcePlan } from '../../../workflows/definition/index.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { FieldFinding } from '../rows/reading.ts';
import { pathOf } from './settled.ts';

/** The contract is frozen, and a file has more than it names. */
export function refuseNewColumns(source: SourcePlan, found: readonly FieldFinding[], file: string): AcequiaError {
  const names = [...new Set(found.map(({ table, field }) => pathOf(table, field)))];
  return new AcequiaError('ContractBreach', {
    what: `The file has columns that the contract does not name: ${names.map((name) => `"${name}"`).join(', ')}.`,
    where: `${file}:${Math.min(...found.map(({ line }) => line))}`,
    why: `The contract of ${source.name} says 'freeze' for new columns.`,
    remedy: `add them to sources.${source.name}.columns, or set contract: { newColumns: 'evolve' } to take them in or 'discard-value' to leave them out`,
  });
}

/** The contract is frozen, and a value is not of its column's type. */
export function refuseValue(
  source: SourcePlan,
  first: { readonly file: string; readonly line: number; readonly reason: string },
  rows: number,
): AcequiaError {
  return new AcequiaError('ContractBreach', {
    what: `${rows === 1 ? 'One row does' : `${rows} rows do`} not keep to the contract; the first: ${first.reason}.`,
    where: `${first.file}:${first.line}`,
    why: `The contract of ${source.name} says 'freeze' for types.`,
    remedy: `mend the file, or set contract: { types: 'discard-row' } to quarantine such rows`,
  });
}
