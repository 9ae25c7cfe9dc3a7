const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Where a string of JSON ends that begins with the quote at `start`: the place behind its last quote, or the end of the text
 * where none closes it. By hand, as a regular expression that knows escapes has no room for a string of some million characters.
 */
export function endOfJsonString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at += 1;
  }
  return text.length;
}
