import fc from 'fast-check';
import { expect, test } from 'vitest';
import { terminalText } from '../../../../client/cli/runs/terminal-text.ts';

test('commands to the terminal are shown, not obeyed', () => {
  expect(terminalText('a\u001b[31mred\u0007\tb\nc')).toBe('a\\u001b[31mred\\u0007\\tb\\nc');
  expect(terminalText('safe\u202etxt.exe')).toBe('safe\\u202etxt.exe');
  expect(terminalText('ñandú 日本 😀')).toBe('ñandú 日本 😀');
});

test('what is long is cut, not into the middle of a character', () => {
  expect(terminalText('😀'.repeat(5), 3)).toBe('😀😀😀…');
  expect(terminalText('x'.repeat(1_000_000), 3)).toBe('xxx…');
});

test('nothing that is written is a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(terminalText(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
