import fc from 'fast-check';

/** Texts at and around the borders of every type, where a parser and a cast are most likely to part. */
const EDGES = [
  ...['', ' ', '   ', '\u00a0', '\u3000 ', '\u2003', '\u200b', '\ufeff', '\t', '\n', '0\n', '\n0', ' 0', '0 ', 'x'],
  ...['0', '-0', '+0', '00', '007', '-7', '+1', '--1', '-', '+', '1_000', '1,000', '1e5', '1E5', '0x10', '٧', '１'],
  ...['NaN', 'nan', 'Infinity', 'inf', '-inf', 'null', 'NULL', '.5', '5.', '.', '-.5', '0.', '1.0', '1.50', '-0.0'],
  ...['-0.5', '-0.00', '00.5', '1.2.3', '1,5', '0.1', '0.10', '0.123456789', '-0.000000000000000001'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...['18446744073709551615', '18446744073709551616', '9999999999999999999', '1000000000000000000'],
  ...['9007199254740991', '9007199254740993', '-9007199254740993', '4294967295', '4294967296', '2147483648'],
  ...['999999999', '1000000000', '-2147483648', '-2147483649', '-4294967296', '123456789012345678901234567890'],
  ...['99999999999999999999999999999999999999', '999999999999999999999999999999999999999', '999999999999999999'],
  ...['true', 'false', 'True', 'TRUE', 't', 'f', 'yes', '1', 'falsey', 'fals', 'truee', 'tru', 'flase', 'trux'],
  ...['2024-02-29', '2023-02-29', '1900-02-29', '2000-02-29', '2024-04-31', '2024-12-31', '2024-13-01', '2024-00-10'],
  ...['2024-01-00', '2024-01-32', '0000-01-01', '0001-01-01', '9999-12-31', '10000-01-01', '-001-01-01', '24-01-01'],
  ...['2024-1-01', '2024-01-1', '2024/01/01', '01-01-2024', '2024-01-01T', '2024-01-01 ', '2024-01-01Z', '20240101'],
  ...['2024-01-01 00:00', '2024-01-01T23:59', '2024-01-01 24:00', '2024-01-01 24:00:00', '2024-01-01 23:60'],
  ...['2024-01-01 23:59:60', '2024-01-01 23:59:59', '2024-01-01T00:00:00.0', '2024-01-01 00:00:00.123456'],
  ...[
    '2024-01-01 00:00:00.1234567',
    '2024-01-01 00:00:00.',
    '2024-01-01 00:00:0',
    '2024-01-01 0:00',
    '2024-01-01t00:00',
  ],
  ...['0001-01-01 00:00:00.000001', '9999-12-31T23:59:59.999999', '0000-12-31 23:59:59', '1969-12-31 23:59:59.999999'],
  ...['2024-02-30 10:00:00', '2024-01-01 10:00:00Z', '2024-01-01 10:00:00+00', '2024-01-01  10:00', '1582-10-10 12:00'],
];

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
const two = (most: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
const number = fc
  .tuple(fc.constantFrom('', '', '-', '+'), digits(0, 22), fc.constantFrom('', '.', '.'), digits(0, 20))
  .map((parts) => parts.join(''));
const whole = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String);
const small = fc.integer().map(String);
const scaled = fc
  .tuple(fc.integer(), fc.integer({ min: 0, max: 12 }))
  .map(([n, places]) => (n / 10 ** places).toFixed(places));
const date = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), two(13), two(32))
  .map(([year, month, day]) => `${String(year).padStart(4, '0')}-${month}-${day}`);
const time = fc
  .tuple(fc.constantFrom(' ', 'T'), two(24), two(60), fc.option(two(60)), fc.option(digits(1, 7)))
  .map(([between, hour, minute, second, fraction]) =>
    [
      between,
      hour,
      ':',
      minute,
      second === null ? '' : `:${second}`,
      second === null || fraction === null ? '' : `.${fraction}`,
    ].join(''),
  );
const plain = fc.oneof(
  fc.constantFrom(...EDGES),
  number,
  whole,
  small,
  scaled,
  date,
  fc.tuple(date, time).map(([day, clock]) => day + clock),
);

/** Such a text with one character put in, taken out or changed. */
const marred = fc
  .tuple(plain, fc.nat(), fc.nat(1), fc.constantFrom('', ...Array.from('0159-+.:T eé_,\u00a0')))
  .map(([text, at, cut, character]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + character + text.slice(place + cut);
  });

/** Texts without NUL that are, or nearly are, the spelling of some value. */
export const nearCanonical: fc.Arbitrary<string> = fc.oneof({ weight: 3, arbitrary: plain }, marred);

/** All edges, then texts that are generated from `seed`. */
export function nearCanonicalTexts(seed: number, count: number): string[] {
  return [...EDGES, ...fc.sample(nearCanonical, { seed, numRuns: count })];
}
