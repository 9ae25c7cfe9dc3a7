import type { Column } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { invalidFormats } from './invalid-formats.ts';
import type { Reading } from './reading.ts';

/** `true` and `false`, and pairs of declared spellings: `sí|no`, the true one first, exactly. */
export function booleanReading(column: Column): Reading {
  const meaning = new Map([
    ['true', true],
    ['false', false],
  ]);
  for (const format of column.formats) {
    const pair = format.split('|');
    if (pair.length !== 2)
      throw invalidFormats(column, `"${format}" must hold one spelling of true, a |, and one of false`);
    pair.forEach((spelling, index) => {
      const means = index === 0;
      if (spelling.trim() === '')
        throw invalidFormats(column, `in "${format}" one spelling is blank, which is no value at all`);
      if (meaning.get(spelling) === !means) throw invalidFormats(column, `"${spelling}" would be both true and false`);
      meaning.set(spelling, means);
    });
  }
  const cases = [...meaning].map(([spelling, means]) => `WHEN ${literal(spelling)} THEN ${means}`).join(' ');
  return {
    sql: (text) => `CASE ${text} ${cases} END`,
    unreadable: column.formats.length === 0 ? 'not true or false' : 'not a boolean',
  };
}
