import { expect, test } from 'vitest';
import { plainArguments } from '../../../client/cli/plain-arguments.ts';
import { runOptionsSchema } from '../../../workflows/definition/run-options-schema.ts';

/** A value for every option that a person can type; a new one is missed here until it is written out, too. */
const TYPED = {
  ...{ asOf: '2026-01-31', inbox: '/in', since: '2026-01-01', sample: 'large', tables: ['a', 'b'] },
  ...{
    validateOnly: true,
    validate: true,
    fullRefresh: ['c'],
    anyAge: true,
    once: true,
    publishAnyway: [{ check: 'x', reason: 'why' }],
  },
};
/** Nobody types these to `start-workflow`: other commands make them. */
const MADE = ['corrections', 'copy', 'replayOf', 'settings'];

test('every option of a run is among the arguments that start it again, or detached', () => {
  expect([...Object.keys(TYPED), ...MADE].sort()).toEqual(Object.keys(runOptionsSchema.shape).sort());
  for (const [name, value] of Object.entries(TYPED)) {
    const given = plainArguments({ options: { [name]: value }, wait: false, json: false }, 'dev', ['orders']);
    expect([name, given.length]).toEqual([name, name === 'publishAnyway' ? 4 : 3]);
  }
});
