/** A text that a regular expression of SQL (RE2) matches as itself. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&');
}
