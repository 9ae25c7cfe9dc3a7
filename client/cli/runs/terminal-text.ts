/** Control characters, those that nobody sees, and those that turn the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text out of somebody's file for a terminal: what it would take for commands is written as `\u001b`, and beyond `most`
 * characters the rest is left out.
 */
export function terminalText(text: string, most = 100): string {
  const characters = Array.from(text.slice(0, 2 * most));
  const shown = characters.slice(0, most).join('');
  const safe = shown.replaceAll(UNSEEN, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
  return shown.length < text.length ? `${safe}…` : safe;
}
