import { describe, expect, test } from 'vitest';
import { overrideProblem } from '../../workflows/overrides.ts';
import type { CheckOutcome } from '../../workflows/stages.ts';
import { accountingOutcomes, judge } from '../../workflows/verdict.ts';
import { ingested } from '../support/example-run.ts';

const check = (name: string, rest: Partial<CheckOutcome> = {}): CheckOutcome => {
  return { name, severity: 'error', status: 'failed', failed: 1, blocking: true, ...rest };
};
const passed = (name: string): CheckOutcome => check(name, { status: 'passed', failed: 0 });
const because = (name: string, reason = 'the supplier confirmed it') => ({ check: name, reason });

const FOUND = [
  check('ventas: bad rows'),
  passed('ventas: fresh'),
  passed('clientes: bad rows'),
  passed('ventas: id is unique'),
];

describe('a person overrides a blocking check', () => {
  test.each(['ventas: bad rows', 'VENTAS: Bad Rows', ' ventas: bad ', 'ventas: bad rows'])('by "%s"', (name) => {
    expect(judge(FOUND, [because(name)])).toEqual({
      blocking: [],
      overrides: [because('ventas: bad rows')],
      problems: [],
      outcome: 'warned',
    });
  });

  test('a check that could not be asked, and one whose severity alone would be no news', () => {
    expect(judge([check('a: x', { status: 'error' })], [because('x')]).outcome).toBe('warned');
    expect(judge([check('a: x', { severity: 'info' })], [because('x')]).outcome).toBe('warned');
  });

  test('all others go on blocking', () => {
    expect(judge([...FOUND, check('other')], [because('ventas: bad rows')])).toMatchObject({
      blocking: ['other'],
      outcome: 'blocked',
    });
  });

  test('what passed, or would not have stopped the run, needs no override', () => {
    const outcomes = [passed('ventas: fresh'), check('ventas: columns', { severity: 'warning', blocking: false })];
    const asked = [because('fresh'), because('columns')];
    expect(judge(outcomes, asked)).toEqual({ blocking: [], overrides: [], problems: [], outcome: 'warned' });
    expect(judge([passed('ventas: fresh')], [because('fresh')]).outcome).toBe('succeeded');
  });

  test('a full name means that check, also where others contain it; named twice, the first reason counts', () => {
    const outcomes = [check('ventas: fresh'), passed('ventas: fresh enough')];
    expect(judge(outcomes, [because('ventas: fresh', 'one'), because('VENTAS: fresh', 'two')])).toMatchObject({
      overrides: [because('ventas: fresh', 'one')],
      outcome: 'warned',
    });
  });
});

describe('nothing is published while a name cannot be taken', () => {
  const problemsOf = (name: string, outcomes: readonly CheckOutcome[] = FOUND) => {
    const { problems, outcome, overrides } = judge(outcomes, [because(name)]);
    expect([outcome, overrides]).toEqual(['blocked', []]);
    return problems.join('\n');
  };

  test('one that no check has, also where all checks passed', () => {
    expect(problemsOf('ventas: bad rwos')).toBe(
      '"ventas: bad rwos" names no check of this run. Did you mean "ventas: bad rows"?',
    );
    expect(problemsOf('fresch')).toContain('Did you mean "fresh"?');
    expect(problemsOf('something else', [passed('ventas: fresh')])).toBe(
      '"something else" names no check of this run.',
    );
  });

  test('a part of several', () => {
    expect(problemsOf('bad rows')).toBe('"bad rows" is a part of 2 checks: "ventas: bad rows", "clientes: bad rows".');
  });

  test('a sum that does not close', () => {
    const sums = accountingOutcomes([{ ...ingested('left'), staged: 8 }], []);
    expect(judge(sums).outcome).toBe('blocked');
    expect(problemsOf('left: every row read is staged or quarantined', sums)).toContain('can never be overridden');
    expect(problemsOf('every row', sums)).toContain('can never be overridden');
  });

  test('the check of a key; a part that an ordinary check has as well means that one', () => {
    const key = check('ventas: id is unique and never empty', { severity: 'critical', unconditional: true });
    expect(problemsOf('never empty', [...FOUND, key])).toContain('can never be overridden');
    expect(judge([key, check('ventas: id is unique')], [because('is unique')])).toMatchObject({
      blocking: [key.name],
      overrides: [because('ventas: id is unique')],
      problems: [],
      outcome: 'blocked',
    });
  });

  test('the words name what blocks', () => {
    const { problems, blocking } = judge(FOUND, [because('rwos')]);
    expect(overrideProblem(problems, blocking)).toMatch(
      /^"rwos" names no check of this run\..*\n {2}where: --publish-anyway\n {2}why: {3}What blocks this run: "ventas: bad rows"\.\n {2}to do: /,
    );
  });
});
