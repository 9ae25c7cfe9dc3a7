import { afterEach, expect, test } from 'vitest';
import { listenForInterrupts, type Interrupts } from '../../../client/cli/interrupts.ts';

let interrupts: Interrupts | undefined;
afterEach(() => interrupts?.stopListening());

test('the first Ctrl-C winds down, an echo of it is the same, a second leaves with 130', () => {
  let time = 0;
  const left: number[] = [];
  interrupts = listenForInterrupts(
    (code) => left.push(code),
    () => time,
  );
  process.emit('SIGINT');
  expect(interrupts.signal.aborted).toBe(true);
  time = 50;
  process.emit('SIGINT');
  expect(left).toEqual([]);
  time = 1_000;
  process.emit('SIGINT');
  expect(left).toEqual([130]);
});

test('after the end nothing listens any more', () => {
  const before = process.listenerCount('SIGINT');
  interrupts = listenForInterrupts(() => undefined);
  interrupts.stopListening();
  expect(process.listenerCount('SIGINT')).toBe(before);
});
