/** The one place where SQL identifiers and literals are quoted. Values are bound wherever DuckDB can bind them. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal, for the places where DuckDB takes no parameter: DDL, COPY, ATTACH, table functions. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function identifiers(names: readonly string[], qualifier?: string): string {
  return names
    .map((name) => (qualifier ? `${identifier(qualifier)}.${identifier(name)}` : identifier(name)))
    .join(', ');
}
