import { expect, test } from 'vitest';
import { minus, rowsDigest, stableDigest } from '../../../activities/duckdb/rows-digest.ts';
import { withSession } from '../../../activities/duckdb/session.ts';

const digests = (...values: string[]) =>
  withSession(undefined, (session) =>
    Promise.all(values.map((rows) => rowsDigest(session, `(VALUES ${rows}) AS t(a, b)`, ['a', 'b']))),
  );

test('the same rows in another order have one digest; any other rows have another', async () => {
  const [rows, turned, ...others] = await digests(
    "(1, 'x'), (2, NULL)",
    "(2, NULL), (1, 'x')",
    "(1, 'x'), (2, NULL), (2, NULL)",
    "(1, 'x'), (2, '')",
    "(1, 'x')",
    "(1, NULL), (2, 'x')",
    "(1, 'X'), (2, NULL)",
  );
  expect(turned).toEqual(rows);
  expect(rows?.digest).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set([rows, ...others].map((each) => each?.digest)).size).toBe(others.length + 1);
});

test('taken from a whole, a part leaves the digest of the rest', async () => {
  const [whole, part, rest] = await digests("(1, 'x'), (2, 'y'), (2, 'y')", "(2, 'y')", "(2, 'y'), (1, 'x')");
  expect(whole && part && minus(whole, part)).toEqual(rest);
});

test('a stable digest is the same in every version', async () => {
  const made = await withSession(undefined, (session) =>
    stableDigest(session, "(VALUES (1, 'x'), (2, NULL)) AS t(a, b)", ['a', 'b']),
  );
  expect(made).toEqual({ rows: 2, digest: '82a83b12fbf9b29769b6bd0ce89c9979' });
});
