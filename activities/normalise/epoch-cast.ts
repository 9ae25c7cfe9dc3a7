import { columnTypeName, type Column } from '../../workflows/definition/index.ts';
import { literal } from '../duckdb/identifiers.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Cast } from '../ingest/types/cast-sql.ts';

/** Per unit: digits before and behind the point that an instant may have, and microseconds. */
const UNITS = {
  seconds: { pattern: '-?[0-9]{1,11}(\\.[0-9]{1,6})?', micros: 1_000_000 },
  milliseconds: { pattern: '-?[0-9]{1,14}(\\.[0-9]{1,3})?', micros: 1_000 },
} as const;

/** Reads numbers that count since 1970-01-01T00:00:00Z. Error `DefinitionInvalid`: the column holds no instants. */
export function epochCast({ name, type }: Column, unit: keyof typeof UNITS): Cast {
  if (type.kind !== 'timestamptz') {
    throw new AcequiaError('DefinitionInvalid', {
      what: `"epoch" of ${name} means nothing: its values are ${columnTypeName(type)}, not instants.`,
      where: `columns.${name}.epoch`,
      remedy: 'take it out, or map another column of type timestamptz with it',
    });
  }
  const { pattern, micros } = UNITS[unit];
  return {
    expected: `${unit} since 1970`,
    value: (text) =>
      `CASE WHEN regexp_full_match(${text}, ${literal(pattern)})
        THEN make_timestamptz(CAST(CAST(${text} AS DECIMAL(38,6)) * ${micros} AS BIGINT)) END`,
    reason: (text, value) =>
      `CASE WHEN ${text} IS NOT NULL AND ${value} IS NULL THEN ${literal(`not ${unit} since 1970`)} END`,
  };
}
