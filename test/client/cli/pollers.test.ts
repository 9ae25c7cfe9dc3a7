import { expect, test } from 'vitest';
import { isLive } from '../../../client/cli/pollers.ts';

const now = 1_000_000;
const runs = (pid: number): boolean => pid === 42;

test('a worker that was seen lately lives, one that was not does not', () => {
  expect(isLive({ identity: '7@elsewhere', lastSeen: now - 60_000 }, now, 'here', runs)).toBe(true);
  expect(isLive({ identity: '7@elsewhere', lastSeen: now - 71_000 }, now, 'here', runs)).toBe(false);
});

test('of a worker on this host the process decides at once', () => {
  expect(isLive({ identity: '42@here', lastSeen: now }, now, 'here', runs)).toBe(true);
  expect(isLive({ identity: '43@here', lastSeen: now }, now, 'here', runs)).toBe(false);
});

test('a name of another kind says nothing of a process', () => {
  expect(isLive({ identity: 'worker-a', lastSeen: now }, now, 'here', runs)).toBe(true);
});

test('this very process runs', () => {
  expect(isLive({ identity: `${process.pid}@here`, lastSeen: now }, now, 'here')).toBe(true);
});
