import type { Warehouse } from './warehouse.ts';

/** The one place where names and values are quoted for GoogleSQL, whose rules are not DuckDB's. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

export function quotedTable({ project, dataset }: Pick<Warehouse, 'project' | 'dataset'>, table: string): string {
  return quotedName(`${project}.${dataset}.${table}`);
}

export function quotedText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `'${escaped}'`;
}
