import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { translateFailure } from '../../../activities/failure/translate.ts';
import { eventFailure } from '../../../workers/events/event-failure.ts';

test('an error for people is told with type, place and remedy, and what led to it', () => {
  const reset = Object.assign(new Error('read ECONNRESET 10.1.2.3:5432'), { code: 'ECONNRESET' });
  const driver = new TypeError('bad row\nof Ana', { cause: reset });
  const parts = { what: 'It is down.\nReally.', where: 'postgres:SHOP_URL', why: 'no', remedy: 'start it' };
  const failure = translateFailure(new AcequiaError('DestinationUnreachable', { ...parts, cause: driver }));
  expect(eventFailure(failure)).toEqual({
    type: 'DestinationUnreachable',
    class: 'AcequiaError',
    message: 'It is down.',
    where: 'postgres:SHOP_URL',
    remedy: 'start it',
    retryable: true,
    causes: [
      { class: 'TypeError', code: null, message: 'bad row' },
      { class: 'Error', code: 'ECONNRESET', message: 'read ECONNRESET …' },
    ],
  });
});

test('what will not be tried again, what nobody foresaw, and what is no error at all', () => {
  const terminal = translateFailure(new AcequiaError('SourceMissing', { what: 'Gone.', remedy: 'put it back' }));
  expect(eventFailure(terminal)).toMatchObject({ retryable: false, causes: [] });
  const unforeseen = translateFailure(new RangeError("Invalid 'Ana'"));
  expect(eventFailure(unforeseen)).toMatchObject({
    type: 'Unexpected',
    class: 'RangeError',
    message: "Something unexpected happened: Invalid '…'",
    remedy: null,
    retryable: true,
  });
  expect(eventFailure('Ana')).toMatchObject({ class: 'string', message: '' });
});

test('a chain that has no end is told up to five causes', () => {
  const endless = new Error('again');
  endless.cause = endless;
  const failure = new AcequiaError('DiskFull', { what: 'Full.', remedy: 'make room', cause: endless });
  expect(eventFailure(translateFailure(failure)).causes).toHaveLength(5);
});

test('whatever the values, drivers quote them in vain', () => {
  const values = fc.stringMatching(/^Value[a-z]{3,8}$/);
  fc.assert(
    fc.property(values, fc.nat(), (text, number) => {
      const messages = [
        `Conversion Error: Could not convert string '${text}' to INT32`,
        `Constraint Error: Duplicate key "name: ${text}" violates primary key`,
        `Failed to execute query "COPY": ERROR:  ${text} is blocked by a trigger`,
        `violates unique constraint: Key (name)=(${text}) already exists.`,
        `Type INT64 with value ${text} cannot be cast`,
        `first line\nrow of ${text}`,
        `the number 7${number} and the day 2026-0${1 + (number % 9)}-11`,
      ];
      for (const message of messages) {
        const cause = new Error(message);
        const [told] = eventFailure(
          translateFailure(new AcequiaError('SourceBusy', { what: 'a', remedy: 'b', cause })),
        ).causes;
        expect(told?.message).not.toMatch(/Value|\d/);
      }
    }),
    { numRuns: 50 },
  );
});
