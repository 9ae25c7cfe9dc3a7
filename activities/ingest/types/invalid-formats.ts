import type { Column } from '../../../workflows/definition/index.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';

/** A column's declared formats make no sense. */
export function invalidFormats(column: Column, why: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `The formats of column "${column.name}" cannot be used: ${why}.`,
    where: `columns.${column.name}.formats`,
    remedy:
      'mend the formats: prod# for integers, 1.234,56 for decimals and doubles, sí|no for booleans, DD/MM/YYYY and its like for dates and times',
  });
}
