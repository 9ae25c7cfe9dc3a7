import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cast, expectCasts, refused, same } from './expect-casts.ts';

const NOT = 'not a decimal(12,2)';

describe('a number by example', () => {
  test('with points between thousands and a comma', async () => {
    await expectCasts({ type: 'decimal(12,2)', formats: ['1.234,56'] }, [
      ['1.234,56', '1234.56'],
      ['-1.234.567,8', '-1234567.80'],
      ['1234,56', '1234.56'],
      ['12', '12.00'],
      ['0,05', '0.05'],
      // Never one and a bit.
      ['1.234', '1234.00'],
      ...refused(NOT, '1.5', '12.50', '1.23,4', '1234.567,8', '1.2345', '.234,5', '01,5', '0.123', '1,234.56', '1,'),
      ...refused(NOT, '1,234', '-0', '-0,00', '--1', '+1', '1-', '1 234,5', '1e3', ' 1', '10.000.000.000,00', '١'),
      ['', null],
    ]);
  });

  test('with a comma alone; plain numbers stay what they are', async () => {
    await expectCasts({ type: 'decimal(12,2)', formats: ['1234,56'] }, [
      ['1234,5', '1234.50'],
      ['1234.5', '1234.50'],
      ...refused(NOT, '1.234,56', '1,234', '1 234,5'),
    ]);
  });

  test('with spaces, whichever space it is, and other marks between thousands', async () => {
    await expectCasts({ type: 'decimal(12,2)', formats: ['1 234,56', "1'234.56"] }, [
      ['1 234 567,5', '1234567.50'],
      ['1\u00a0234,56', '1234.56'],
      ['-1\u202f234,56', '-1234.56'],
      ["1'234.56", '1234.56'],
      ['1234.56', '1234.56'],
      ...refused(NOT, '1 234\u00a0567,5', '12 34,5', "1'234 567,5", '1\u2009234', "1'23"),
    ]);
  });

  test('with something around it', async () => {
    await expectCasts({ type: 'decimal(12,2)', formats: ['€1.234,56', '1.234,56 €', 'US$ 1,234.56'] }, [
      ['€1.234,56', '1234.56'],
      ['-€5', '-5.00'],
      ['€-5', '-5.00'],
      ['1.234,56 €', '1234.56'],
      ['-3,5\u00a0€', '-3.50'],
      ['US$ 1,234.56', '1234.56'],
      ...refused(NOT, '-€-5', '€ 5', '5€', '€5 €', '5 EUR', 'US$5', '1.234,56', '€'),
    ]);
  });

  test('that two formats read differently is refused', async () => {
    await expectCasts({ type: 'decimal(12,3)', formats: ['1.234,56', '1,234.56'] }, [
      ['1.234', '!ambiguous decimal'],
      ['1,234', '!ambiguous decimal'],
      ['1.234,5', '1234.500'],
      ['1,234.5', '1234.500'],
      ['1234', '1234.000'],
    ]);
    // The other reading counts even where the type could not hold it.
    await expectCasts({ type: 'decimal(12,2)', formats: ['1,234.56', '1234,56'] }, [
      ['1,234', '!ambiguous decimal'],
      ['1,23', '1.23'],
    ]);
  });

  test('is a double as well', async () => {
    await expectCasts({ type: 'double', formats: ['1.234,56'] }, [
      ['1.234,5', '1234.5'],
      ['1.234', '1234.0'],
      ['-0,1', '-0.1'],
      ...refused('not a double', '1.5', '0,12345678901234567890', '1,5e3'),
    ]);
    await expectCasts({ type: 'double', formats: ['1234,56'] }, [['1,5', '1.5'], ['1.5e3', '1500.0'], ...same('1.5')]);
  });

  test.each([
    ...[
      '#',
      '1234',
      '1.234.56',
      '1,234,56',
      '1-234,56',
      '-1234,56',
      '1234,56-',
      '21234,56',
      '1234,567',
      '1234;56',
      '.1234,56',
    ],
    ...['1234,56.', 'a1b1.234,56', '9 1.234,56', "'1234,56"],
  ])('refuses the example %s', async (format) => {
    await expect(cast({ type: 'decimal(9,2)', formats: [format] }, [])).rejects.toMatchObject({
      type: 'DefinitionInvalid',
    });
  });
});

const styles = [
  { example: '1.234,56', group: '.', mark: ',' },
  { example: '1,234.56', group: ',', mark: '.' },
  { example: "1'234.56", group: "'", mark: '.' },
  { example: '1 234,56', group: '\u202f', mark: ',' },
  { example: 'EUR 1 234,56', group: ' ', mark: ',', before: 'EUR\u00a0' },
  { example: '1.234,56 (%)', group: '.', mark: ',', after: ' (%)' },
  { example: '1234,56', group: '', mark: ',' },
];

test.each(styles)('every number that is written like $example is read back as that number', async (style) => {
  const { example, group, mark, before = '', after = '' } = style;
  const numbers = fc.sample(
    fc.tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 4 }), fc.boolean()),
    { numRuns: 150, seed: 7 },
  );
  const cases = numbers.map(([unscaled, scale, grouped]) => {
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    const fraction = digits.slice(digits.length - scale);
    const sign = unscaled < 0n ? '-' : '';
    const shown = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, group) : whole;
    return {
      text: `${sign}${before}${shown}${scale > 0 ? mark + fraction : ''}${after}`,
      value: `${sign}${whole}.${fraction.padEnd(4, '0')}`,
    };
  });
  const made = await cast(
    { type: 'decimal(20,4)', formats: [example] },
    cases.map(({ text }) => text),
  );
  expect(made).toEqual(cases.map(({ value }) => value));
});
