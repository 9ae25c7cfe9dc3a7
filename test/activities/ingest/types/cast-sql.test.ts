import { describe, expect, test } from 'vitest';
import { BLANK, cast, expectCasts, refused, same } from './expect-casts.ts';

describe('integer', () => {
  test('is what an integer is written as, and nothing else', async () => {
    await expectCasts('integer', [
      ...same('0', '7', '-7', '9223372036854775807', '-9223372036854775808'),
      ...refused(
        'not an integer',
        '007',
        '+7',
        '-0',
        '1.7',
        '1.0',
        '1e3',
        '1_000',
        '1,000',
        ' 7',
        '7 ',
        '٧',
        'abc',
        '0x10',
        '--1',
      ),
      ...refused('integer beyond 64 bits', '9223372036854775808', '-99999999999999999999'),
      ['', null],
      ['  ', null],
      [null, null],
    ]);
  });

  test('may have a declared format, exactly', async () => {
    await expectCasts({ type: 'integer!', formats: ['prod#', '#.º (*)'] }, [
      ...same('12'),
      ['prod001', '1'],
      ['prod12', '12'],
      ['007.º (*)', '7'],
      ...refused(
        'not an integer',
        'Prod001',
        'prod',
        'prod-1',
        'prod1 ',
        ' prod1',
        'xprod1',
        'prod1x',
        '1.º (x)',
        'prod١',
      ),
      ...refused('not an integer', 'prod99999999999999999999'),
      [null, BLANK],
      ['', BLANK],
      [' ', BLANK],
    ]);
  });

  test.each(['prod', 'a#b#', '1#', '#0', '-#'])('refuses the format %s', async (format) => {
    await expect(cast({ type: 'integer', formats: [format] }, [])).rejects.toMatchObject({ type: 'DefinitionInvalid' });
  });
});

describe('decimal', () => {
  test('takes at most the digits that it can hold', async () => {
    await expectCasts('decimal(12,2)', [
      ...same('12.50', '-12.50', '0.01', '9999999999.99'),
      ['12.5', '12.50'],
      ['12', '12.00'],
      ['-0.5', '-0.50'],
      ...refused(
        'not a decimal(12,2)',
        '12.345',
        '12.500',
        '1e3',
        '1,000.00',
        'NaN',
        'inf',
        '.5',
        '5.',
        '+5',
        '007',
        '-0.00',
      ),
      ...refused('not a decimal(12,2)', '10000000000.00', '1_0', ' 1', '1 ', '0x1', '12,50'),
      [' ', null],
    ]);
  });

  test('is exact where a double is not', async () => {
    await expectCasts('decimal(38,2)', same('12345678901234567.89', '123456789012345678901234567890123456.78'));
    await expectCasts('decimal(2,2)', [
      ['0.99', '.99'],
      ['1.00', '!not a decimal(2,2)'],
    ]);
    await expectCasts('decimal(5,0)', [
      ...same('12345'),
      ['1.0', '!not a decimal(5,0)'],
      ['123456', '!not a decimal(5,0)'],
    ]);
  });
});

test('double holds exactly the digits that are written', async () => {
  await expectCasts('double', [
    ...same('0.1', '-1.5', '1e-05', '1.2345678901234567e+19'),
    ['1', '1.0'],
    ['1.50', '1.5'],
    ['1e3', '1000.0'],
    ['0', '0.0'],
    ['17.000', '17.0'],
    ['5e-324', '5e-324'],
    ...refused(
      'not a double',
      '0.12345678901234567890',
      '9007199254740993',
      '1e400',
      '1e-400',
      'NaN',
      'inf',
      '1,5',
      '007',
      '.5',
      ' 1',
    ),
    ['', null],
  ]);
});

test('boolean is true or false', async () => {
  await expectCasts('boolean', [
    ...same('true', 'false'),
    ...refused('not true or false', 'True', 't', '1', 'yes', ' true'),
    ['', null],
  ]);
});

test('text is as it is; required, it must have something to see', async () => {
  await expectCasts('text', [...same('', ' ', ' x ', '007', 'NULL'), [null, null]]);
  await expectCasts('text!', [...same(' x ', '007'), ['', BLANK], [' ', BLANK], [null, BLANK]]);
});

test('boolean may have declared pairs of spellings, exactly', async () => {
  await expectCasts({ type: 'boolean!', formats: ['sí|no', '1|0', 'Y|N'] }, [
    ...['sí', '1', 'Y', 'true'].map((text): [string, string] => [text, 'true']),
    ...['no', '0', 'N', 'false'].map((text): [string, string] => [text, 'false']),
    ...refused('not a boolean', 'Sí', 'si', 'y', 'yes', ' no', '01', 'True', 'sí|no'),
    ['', BLANK],
  ]);
});

test.each([
  ['text', 'YYYY-MM-DD'],
  ['boolean', 'yes'],
  ['boolean', 'a|b|c'],
  ['boolean', 'x|'],
  ['boolean', ' |x'],
  ['boolean', 'x|x'],
  ['boolean', 'false|true'],
  ['timestamptz', 'DD/MM/YYYY HH:mm'],
  ['timestamptz', 'DD/MM/YYYY ZZ'],
  ['timestamp', 'DD/MM/YYYY HH:mm ZZ'],
])('refuses for %s the format %s', async (type, format) => {
  await expect(cast({ type, formats: [format] }, [])).rejects.toMatchObject({ type: 'DefinitionInvalid' });
});
