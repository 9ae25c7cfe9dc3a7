import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCast } from '../../../activities/ingest/cast-sql.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import type { ColumnSpec } from '../../../workflows/definition/index.ts';
import { contract } from './ingest-bytes.ts';

/** For each text: the value as DuckDB writes it, or `!` and the reason why there is none. */
async function cast(spec: ColumnSpec, texts: readonly (string | null)[]): Promise<(string | null)[]> {
  const [column] = contract({ x: spec });
  if (!column) throw new Error('no column');
  const compiled = compileCast(column);
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

async function expectCasts(
  spec: ColumnSpec,
  cases: readonly (readonly [string | null, string | null])[],
): Promise<void> {
  const made = await cast(
    spec,
    cases.map(([text]) => text),
  );
  expect(cases.map(([text], index) => [text, made[index]])).toEqual(cases);
}

const same = (...texts: string[]): [string, string][] => texts.map((text) => [text, text]);
const refused = (reason: string, ...texts: string[]): [string, string][] => texts.map((text) => [text, `!${reason}`]);
const BLANK = '!blank where a value is required';

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

describe('date', () => {
  test('is a day of the calendar in its own spelling', async () => {
    await expectCasts('date!', [
      ...same('2024-02-29', '0001-01-01', '9999-12-31'),
      ...refused(
        'unreadable date',
        '2023-02-29',
        '2024-2-9',
        '2024-01-01 10:00:00',
        '2024-01-01T00:00:00',
        '01/02/2024',
        'infinity',
      ),
      ...refused(
        'unreadable date',
        '0044-03-15 (BC)',
        '0000-01-01',
        '12024-01-01',
        '2024-13-01',
        ' 2024-01-01',
        '2024-01-01 ',
        'epoch',
      ),
      ['', BLANK],
    ]);
  });

  test('reads declared formats, exactly', async () => {
    await expectCasts({ type: 'date', formats: ['DD/MM/YYYY', 'DD-MM-YYYY', 'YYYY/MM/DD', 'D MMM YYYY', 'M.D.YYYY'] }, [
      ['31/01/2024', '2024-01-31'],
      ['31-01-2024', '2024-01-31'],
      ['2024/01/31', '2024-01-31'],
      ['2024-01-31', '2024-01-31'],
      ['5 ene 2024', '2024-01-05'],
      ['05 ENE 2024', '2024-01-05'],
      ['5 Dec 2024', '2024-12-05'],
      ['5 dic 2024', '2024-12-05'],
      ['5 sept 2024', '2024-09-05'],
      ['3.4.2024', '2024-03-04'],
      ['03.04.2024', '2024-03-04'],
      ...refused(
        'unreadable date',
        '31/02/2024',
        '1/2/2024',
        '31/01/24',
        '31/01/2024 ',
        '31/01/2024 10:00',
        '31-01/2024',
        '31.1.2024',
      ),
      ...refused('unreadable date', '5 foo 2024', '5 ſep 2024', '5  ene 2024', '0/1/2024', '29/02/0000', '٣١/٠١/٢٠٢٤'),
    ]);
  });

  test('refuses a text with two readings, not one with two equal readings', async () => {
    await expectCasts({ type: 'date', formats: ['DD/MM/YYYY', 'MM/DD/YYYY'] }, [
      ['03/04/2024', '!ambiguous date'],
      ['04/04/2024', '2024-04-04'],
      ['31/01/2024', '2024-01-31'],
      ['01/31/2024', '2024-01-31'],
    ]);
    await expectCasts({ type: 'date', formats: ['YYYY-DD-MM'] }, [
      ['2024-03-04', '!ambiguous date'],
      ['2024-31-01', '2024-01-31'],
    ]);
  });

  test('a time in the format must be midnight', async () => {
    await expectCasts({ type: 'date', formats: ['YYYY-MM-DD HH:mm:ss'] }, [
      ['2024-01-31 00:00:00', '2024-01-31'],
      ['2024-01-31 00:00:01', '!unreadable date'],
    ]);
  });

  test.each(['DD/MM', 'YYYY', 'DDMYYYY', 'YYYYMD', 'DD/DD/MM/YYYY', 'DD/MM/YYYY mm', '1D/MM/YYYY'])(
    'refuses the format %s',
    async (format) => {
      await expect(cast({ type: 'date', formats: [format] }, [])).rejects.toMatchObject({ type: 'DefinitionInvalid' });
    },
  );

  test('every day that is written in a format is read back as that day', async () => {
    const months = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'];
    const days = fc.sample(fc.date({ min: new Date('0101-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), {
      numRuns: 200,
      seed: 5,
    });
    const isos = days.map((day) => day.toISOString().slice(0, 10));
    const spell = (iso: string): string[] => {
      const [y = '', m = '', d = ''] = iso.split('-');
      return [
        `${d}/${m}/${y}`,
        `${y}${m}${d}`,
        `${Number(d)} de ${months[Number(m) - 1]} de ${y}`,
        `(${Number(m)}) ${Number(d)} ${y}`,
      ];
    };
    const made = await cast(
      { type: 'date', formats: ['DD/MM/YYYY', 'YYYYMMDD', 'D de MMM de YYYY', '(M) D YYYY'] },
      isos.flatMap(spell),
    );
    expect(made).toEqual(isos.flatMap((iso) => [iso, iso, iso, iso]));
  });
});

test('timestamp has no zone and loses nothing', async () => {
  await expectCasts({ type: 'timestamp', formats: ['DD/MM/YYYY HH:mm', 'YYYY-MM-DD'] }, [
    ...same('2024-01-31 10:20:30', '2024-01-31 10:20:30.5', '2024-01-31 10:20:30.123456'),
    ['2024-01-31T10:20:30', '2024-01-31 10:20:30'],
    ['2024-01-31 10:20', '2024-01-31 10:20:00'],
    ['31/01/2024 23:59', '2024-01-31 23:59:00'],
    ['2024-01-31', '2024-01-31 00:00:00'],
    ...refused(
      'unreadable timestamp',
      '2024-01-31 10:20:30.1234567',
      '2024-01-31 24:00:00',
      '2024-01-31 10:20:60',
      '2024-01-31T10:20:30Z',
    ),
    ...refused(
      'unreadable timestamp',
      '2024-01-31 10:20:30+01:00',
      '2023-02-29 10:20:30',
      '31/01/2024 24:00',
      '31/01/2024 10:60',
    ),
  ]);
});

test('timestamptz is an instant: a zone is needed', async () => {
  await expectCasts('timestamptz', [
    ['2024-01-31T10:20:30Z', '2024-01-31 10:20:30+00'],
    ['2024-01-31T10:20Z', '2024-01-31 10:20:00+00'],
    ['2024-01-31 10:20:30.5+01:00', '2024-01-31 09:20:30.5+00'],
    ['2024-01-31T10:20:30-0530', '2024-01-31 15:50:30+00'],
    ['2024-01-31T10:20+02', '2024-01-31 08:20:00+00'],
    ...refused(
      'unreadable timestamp with zone',
      '2024-01-31T10:20:30',
      '2024-01-31',
      '2024-01-31T10:20:30 Europe/Madrid',
      '2024-01-31T10:20:30+1:00',
    ),
  ]);
});

test('text is as it is; required, it must have something to see', async () => {
  await expectCasts('text', [...same('', ' ', ' x ', '007', 'NULL'), [null, null]]);
  await expectCasts('text!', [...same(' x ', '007'), ['', BLANK], [' ', BLANK], [null, BLANK]]);
});

test.each(['text', 'double', 'boolean', 'decimal(5,2)', 'timestamptz'])(
  'formats make no sense for %s',
  async (type) => {
    await expect(cast({ type, formats: ['YYYY-MM-DD'] }, [])).rejects.toMatchObject({ type: 'DefinitionInvalid' });
  },
);
