/** What the server or libpq says, without what DuckDB puts around it: the statement, and how it connects. */
export function serverWords(message: string): string {
  const [, said, more] = /\b(?:ERROR|FATAL|PANIC):\s+([^\n]*)(?:\nDETAIL:\s+([^\n]*))?/.exec(message) ?? [];
  if (said === undefined) return connectionWords(message);
  // What depends on a table is named behind; of all else the details are a row's values.
  return more !== undefined && /depend|view or rule/.test(said) ? `${said}: ${more}` : said;
}

function connectionWords(message: string): string {
  const [line = ''] = message.replace(/^.*Unable to connect to Postgres at "(?:[^"]|"(?!: ))*": /s, '').split('\n');
  return line;
}
