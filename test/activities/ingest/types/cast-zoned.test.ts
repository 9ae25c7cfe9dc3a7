import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cast, expectCasts, refused } from './expect-casts.ts';

const MADRID = 'Europe/Madrid';

test('a text without an offset is a time of the clocks of the zone, in any spelling', async () => {
  await expectCasts(
    { type: 'timestamptz', formats: ['DD/MM/YYYY HH:mm', 'YYYYMMDD', 'DD.MM.YYYY HH:mm ZZ'] },
    [
      ['2026-01-15', '2026-01-14 23:00:00+00'],
      ['2026-07-15', '2026-07-14 22:00:00+00'],
      ['2026-01-15T10:00', '2026-01-15 09:00:00+00'],
      ['2026-07-15 10:00:00.5', '2026-07-15 08:00:00.5+00'],
      ['15/07/2026 10:00', '2026-07-15 08:00:00+00'],
      ['20260715', '2026-07-14 22:00:00+00'],
      ['15.07.2026 10:00 +05', '2026-07-15 05:00:00+00'],
      ['2026-07-15T10:00Z', '2026-07-15 10:00:00+00'],
      ['2026-07-15T10:00:00-03:00', '2026-07-15 13:00:00+00'],
      ['', null],
      [null, null],
      ...refused('unreadable timestamp with zone', '2026-02-30', '15/07/26', '2026-07-15 25:00', 'today', '10:00'),
    ],
    MADRID,
  );
});

test('without a zone such a text is no instant', async () => {
  await expectCasts('timestamptz', refused('unreadable timestamp with zone', '2026-01-15', '2026-01-15T10:00'));
});

test('a time that the clocks skip or show twice is refused, its neighbours are not', async () => {
  const skipped = `time that the clocks of ${MADRID} skip`;
  const twice = `time that the clocks of ${MADRID} show twice`;
  await expectCasts(
    'timestamptz',
    [
      ['2026-03-29T01:59:59', '2026-03-29 00:59:59+00'],
      ...refused(skipped, '2026-03-29T02:00', '2026-03-29T02:59:59.999999'),
      ['2026-03-29T03:00', '2026-03-29 01:00:00+00'],
      ['2026-10-25T01:59:59', '2026-10-24 23:59:59+00'],
      ...refused(twice, '2026-10-25T02:00', '2026-10-25T02:59:59.999999'),
      ['2026-10-25T03:00', '2026-10-25 02:00:00+00'],
      ['2026-10-25T02:30+02:00', '2026-10-25 00:30:00+00'],
      ['2026-10-25T02:30+01:00', '2026-10-25 01:30:00+00'],
    ],
    MADRID,
  );
  // Half an hour, and at midnight.
  await expectCasts(
    'timestamptz',
    [
      ...refused('time that the clocks of Australia/Lord_Howe show twice', '2026-04-05T01:45'),
      ['2026-04-05T01:15', '2026-04-04 14:15:00+00'],
      ...refused('time that the clocks of Australia/Lord_Howe skip', '2026-10-04T02:15'),
    ],
    'Australia/Lord_Howe',
  );
  await expectCasts(
    'timestamptz',
    refused('time that the clocks of America/Santiago skip', '2026-09-06', '2026-09-06T00:30'),
    'America/Santiago',
  );
});

/** The same by another library: the times that the clocks of a zone show at all instants around one. */
function instantsOf(local: string, zone: string): number[] {
  const utc = Date.parse(`${local}Z`);
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const quarters = Array.from({ length: 4 * 30 }, (_, index) => utc + (index - 60) * 900_000);
  return quarters.filter((instant) => format.format(instant).replace(' ', 'T') === local);
}

test('every time of every zone is the one instant at which its clocks show it, or refused', async () => {
  const zones = ['Europe/Madrid', 'America/Bogota', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
  const days = fc.integer({ min: Date.UTC(2024, 0, 1) / 900_000, max: Date.UTC(2027, 0, 1) / 900_000 });
  const changes = fc.constantFrom('2025-03-30', '2025-10-26', '2025-03-09', '2025-11-02', '2025-04-06', '2025-10-05');
  const near = fc
    .tuple(changes, fc.integer({ min: 0, max: 95 }))
    .map(([day, quarter]) => Date.parse(`${day}T00:00Z`) / 900_000 + quarter);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.array(fc.oneof(days, near), { minLength: 20, maxLength: 60 }),
      async (zone, quarters) => {
        const texts = quarters.map((quarter) => new Date(quarter * 900_000).toISOString().slice(0, 19));
        const read = await cast('timestamptz', texts, zone);
        texts.forEach((text, index) => {
          const instants = instantsOf(text, zone);
          const value = read[index] ?? '';
          if (instants.length === 1)
            expect([text, Date.parse(value.replace(' ', 'T').replace(/\+00$/, 'Z'))]).toEqual([text, instants[0]]);
          else
            expect([text, value]).toEqual([
              text,
              `!time that the clocks of ${zone} ${instants.length === 0 ? 'skip' : 'show twice'}`,
            ]);
        });
      },
    ),
    { numRuns: 25 },
  );
});
