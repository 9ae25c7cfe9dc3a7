/** DuckDB quotes values in single quotes and names in double ones: masks the values, keeps the names. */
export function maskLiterals(message: string): string {
  return message.replace(/'[^'\n]*'/g, "'…'");
}

/** Masks all quoted text, and what DuckDB calls a value, for messages of which nobody knows what they quote. */
export function maskQuoted(message: string): string {
  return maskLiterals(message)
    .replace(/"[^"\n]*"/g, '"…"')
    .replace(/\bwith value \S+/g, 'with value …');
}
