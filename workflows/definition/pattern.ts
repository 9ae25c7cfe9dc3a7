/** Whether a text is a regular expression. That DuckDB's engine takes it, too, is found when it is compiled. */
export function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
