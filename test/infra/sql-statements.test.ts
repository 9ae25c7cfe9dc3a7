import { expect, test } from 'vitest';
import { lineAndColumn, sqlStatements } from '../../infra/postgres/sql-statements.ts';

const texts = (sql: string): string[] => sqlStatements(sql).map(({ text }) => text);

test.each([
  ['', []],
  ['-- nothing; at all\n/* but; /* this; */ ; */', []],
  [';; SELECT 1 ;\n', ['SELECT 1 ']],
  ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ["SELECT 'a;''b;'; SELECT 2", ["SELECT 'a;''b;'", 'SELECT 2']],
  ["SELECT 'a\\'; SELECT 2", ["SELECT 'a\\'", 'SELECT 2']],
  [String.raw`SELECT E'a\';'; SELECT 2`, [String.raw`SELECT E'a\';'`, 'SELECT 2']],
  ["SELECT date'2026-01-01;'; SELECT 2", ["SELECT date'2026-01-01;'", 'SELECT 2']],
  ['SELECT "a;""b"; SELECT 2', ['SELECT "a;""b"', 'SELECT 2']],
  ['DO $$ BEGIN x; END $$; SELECT 2', ['DO $$ BEGIN x; END $$', 'SELECT 2']],
  ['DO $a$ ; $$ ; $b$ ; $a$; SELECT 2', ['DO $a$ ; $$ ; $b$ ; $a$', 'SELECT 2']],
  ['SELECT a$b$ ; SELECT c$b$', ['SELECT a$b$ ', 'SELECT c$b$']],
  ['SELECT $1; SELECT $2', ['SELECT $1', 'SELECT $2']],
  [
    'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3',
    ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)', 'SELECT 3'],
  ],
  ["SELECT ')' /* ( */; -- (\nSELECT 2", ["SELECT ')' /* ( */", 'SELECT 2']],
  ['SELECT 1 -- the end', ['SELECT 1 -- the end']],
])('%j falls apart into its statements', (sql, expected) => {
  expect(texts(sql)).toEqual(expected);
});

test('a statement begins behind its comments, and says where', () => {
  const sql = '-- 😀 first\nSELECT 1;\n\n/* two\nlines */  SELECT 2;';
  expect(sqlStatements(sql).map(({ offset }) => lineAndColumn(sql, offset))).toEqual([
    { line: 2, column: 1 },
    { line: 5, column: 11 },
  ]);
  expect(lineAndColumn("'😀' x", 5)).toEqual({ line: 1, column: 5 });
});
