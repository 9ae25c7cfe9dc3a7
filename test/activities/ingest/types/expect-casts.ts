import { expect } from 'vitest';
import { compileCast } from '../../../../activities/ingest/types/cast-sql.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { parseColumnType, type ColumnSpec } from '../../../../workflows/definition/index.ts';

/** For each text: the value as DuckDB writes it, or `!` and the reason why there is none. */
export async function cast(
  spec: ColumnSpec,
  texts: readonly (string | null)[],
  zone?: string,
): Promise<(string | null)[]> {
  const { type, formats = [] } = typeof spec === 'string' ? { type: spec } : spec;
  const parsed = parseColumnType(type);
  if (!parsed) throw new Error(`no type: ${type}`);
  const compiled = compileCast({ name: 'x', ...parsed, formats, ...(zone ? { zone } : {}) });
  return withSession(undefined, async (session) => {
    await session.run('CREATE TABLE texts (n INTEGER, v VARCHAR)');
    for (const [n, text] of texts.entries()) await session.run('INSERT INTO texts VALUES ($n, $v)', { n, v: text });
    const rows = await session.rows<{ value: string | null; reason: string | null }>(
      `SELECT CAST(t AS VARCHAR) AS value, ${compiled.reason('v', 't')} AS reason
       FROM (SELECT *, ${compiled.value('v')} AS t FROM texts) ORDER BY n`,
    );
    return rows.map(({ value, reason }) => (reason === null ? value : `!${reason}`));
  });
}

export async function expectCasts(
  spec: ColumnSpec,
  cases: readonly (readonly [string | null, string | null])[],
  zone?: string,
): Promise<void> {
  const made = await cast(
    spec,
    cases.map(([text]) => text),
    zone,
  );
  expect(cases.map(([text], index) => [text, made[index]])).toEqual(cases);
}

export const same = (...texts: string[]): [string, string][] => texts.map((text) => [text, text]);
export const refused = (reason: string, ...texts: string[]): [string, string][] =>
  texts.map((text) => [text, `!${reason}`]);
export const BLANK = '!blank where a value is required';
