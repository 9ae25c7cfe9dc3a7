import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLANK, cast, expectCasts, refused, same } from './expect-casts.ts';

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

test('a time with a fraction is not read in two ways either', async () => {
  await expectCasts({ type: 'timestamp', formats: ['YYYY-DD-MM HH:mm:ss.000'] }, [
    ['2024-03-04 10:00:00.000', '!ambiguous timestamp'],
    ['2024-31-01 10:00:00.000', '2024-01-31 10:00:00'],
    ['2024-03-04 10:00:00.5', '2024-03-04 10:00:00.5'],
  ]);
});

test('timestamptz reads declared formats with an offset', async () => {
  await expectCasts({ type: 'timestamptz', formats: ['DD/MM/YYYY HH:mm:ss ZZ', 'D MMM YYYY HH:mmZZ'] }, [
    ['31/01/2024 10:20:30 +01:00', '2024-01-31 09:20:30+00'],
    ['31/01/2024 10:20:30 -0530', '2024-01-31 15:50:30+00'],
    ['31/01/2024 10:20:30 Z', '2024-01-31 10:20:30+00'],
    ['5 ene 2024 23:59-02', '2024-01-06 01:59:00+00'],
    ['2024-01-31T10:20:30Z', '2024-01-31 10:20:30+00'],
    ...refused(
      'unreadable timestamp with zone',
      '31/01/2024 10:20:30',
      '31/01/2024 10:20:30Z',
      '31/01/2024 24:00:00 Z',
      '31/02/2024 10:00:00 Z',
      '31/01/2024 10:20:30 +1:00',
      '31/01/2024 10:20:30 +24:00',
    ),
  ]);
  await expectCasts({ type: 'timestamptz', formats: ['YYYY-DD-MM HH:mm:ssZZ'] }, [
    ['2024-03-04 10:00:00Z', '!ambiguous timestamptz'],
    ['2024-03-04 10:00:00+0100', '!ambiguous timestamptz'],
    ['2024-03-03 10:00:00+01', '2024-03-03 09:00:00+00'],
  ]);
});
