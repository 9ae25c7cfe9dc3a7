import fc from 'fast-check';
import type { Cell } from '../load-file.ts';

const AWKWARD = Array.from('ab01,;|\t"\'\n\r <>&ABCD#-.éÑ€œ’…Ÿ😀\ufeff\u2028\u0085\u00a0\\NULL_x');

/** Any text but NUL. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '\u3000', 'NULL', 'null', '\\N', '#', '""', '\r\n', ']]>', '&amp;'),
  },
);

const integer = fc.oneof(fc.integer().map(String), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String));
const decimal = fc
  .tuple(fc.integer(), fc.stringMatching(/^[0-9]{1,9}$/))
  .map(([whole, fraction]) => `${whole}.${fraction}`);
const moment = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const day = moment.map((date) => date.toISOString().slice(0, 10));
const time = fc
  .tuple(moment, fc.constantFrom(' ', 'T'), fc.constantFrom(16, 19, 21, 23))
  .map(([date, between, length]) => date.toISOString().slice(0, length).replace('T', between));
const truth = fc.constantFrom('true', 'false');
/** What readers of files are known to change: it looks like a number, a date or a boolean. */
const nearly = fc.constantFrom(
  ...['007', '00', '-0', '+1', '1_000', '1,5', '1.000,50', '1e5', '1E400', 'NaN', 'Infinity', '0x10', '.5', '5.', ' 1'],
  ...['9223372036854775808', '12345678901234567.89', '0.1000000000000000055511151231257827', '9'.repeat(400)],
  ...['True', 'FALSE', 'yes', 't', '1', '0', '2024-02-30', '2024-1-1', '01/02/2024', '2024-01-31 24:00:00'],
  ...['2024-01-31T10:00:00Z', '2024-01-31 10:00:00+02', '10:00', '2024-01-31 10:00:00.1234567', '1e-7', 'nan', 'None'],
);

/** The values of one column: of one type, of one type but for a few, or anything; with and without gaps. */
function columnOf(rows: number, text: fc.Arbitrary<string>): fc.Arbitrary<readonly Cell[]> {
  const alike = (value: fc.Arbitrary<string>): fc.Arbitrary<readonly Cell[]> =>
    fc.array(fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }), {
      minLength: rows,
      maxLength: rows,
    });
  const types = [integer, decimal, day, time, truth];
  const mostly = fc
    .oneof(...types)
    .chain(() => fc.constantFrom(...types))
    .chain((type) =>
      alike(fc.oneof({ weight: 9, arbitrary: type }, { weight: 1, arbitrary: fc.oneof(nearly, integer, decimal) })),
    );
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...types).chain(alike) },
    { weight: 2, arbitrary: mostly },
    { weight: 2, arbitrary: alike(nearly) },
    { weight: 3, arbitrary: alike(text) },
    { weight: 1, arbitrary: fc.constant(Array<Cell>(rows).fill(null)) },
  );
}

/** Rows of 1 to 4 columns; `text`: what a format can hold. */
export function table(text: fc.Arbitrary<string> = anyText): fc.Arbitrary<readonly (readonly Cell[])[]> {
  return fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }))
    .chain(([rows, width]) =>
      fc
        .array(columnOf(rows, text), { minLength: width, maxLength: width })
        .map((columns) => Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] ?? null))),
    );
}

/** Names of the columns of such a table, from the left. */
export function namesOf(rows: readonly (readonly Cell[])[]): string[] {
  return (rows[0] ?? []).map((_, index) => `c${index}`);
}
