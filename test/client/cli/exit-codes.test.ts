import { expect, test } from 'vitest';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { CommandError, exitCodeOfError, exitCodeOfFailure, usageError } from '../../../client/cli/command-error.ts';
import { EXIT, exitCodeOf, worst } from '../../../client/cli/exit-codes.ts';

test('the numbers are a promise to scripts', () => {
  expect(EXIT).toEqual({
    done: 0,
    failed: 1,
    usage: 2,
    blocked: 3,
    alreadyRunning: 4,
    breakerOpen: 5,
    engineUnreachable: 6,
    interrupted: 130,
  });
});

test.each([
  ['succeeded', 0],
  ['warned', 0],
  ['skipped', 0],
  ['failed', 1],
  ['blocked', 3],
  ['cancelled', 130],
] as const)('a run that ended %s exits %i', (outcome, code) => {
  expect(exitCodeOf(outcome)).toBe(code);
});

test('of several pipelines the worst decides', () => {
  expect(worst([])).toBe(0);
  expect(worst([0, 4, 0])).toBe(4);
  expect(worst([4, 3])).toBe(3);
  expect(worst([3, 1, 4])).toBe(1);
  expect(worst([1, 130])).toBe(130);
});

test('errors exit by their kind', () => {
  const invalid = new AcequiaError('DefinitionInvalid', { what: 'x', remedy: 'y' });
  const full = new AcequiaError('DiskFull', { what: 'x', remedy: 'y' });
  expect(exitCodeOfError(invalid)).toBe(2);
  expect(exitCodeOfError(full)).toBe(1);
  expect(exitCodeOfError(usageError('x', 'y'))).toBe(2);
  expect(exitCodeOfError(new CommandError(6, 'x'))).toBe(6);
  expect(exitCodeOfError(new Error('x'))).toBe(1);
  expect(exitCodeOfFailure('SettingMissing')).toBe(2);
  expect(exitCodeOfFailure('SourceMissing')).toBe(1);
});
