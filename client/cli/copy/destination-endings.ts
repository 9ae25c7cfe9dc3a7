import type { DestinationKind } from '../../../workflows/definition/index.ts';

/** What a path becomes, by its ending. The first of a kind is the one that is proposed. */
export const KIND_OF: Readonly<Record<string, DestinationKind>> = {
  '.duckdb': 'duckdb',
  '.ddb': 'duckdb',
  '.db': 'sqlite',
  '.sqlite': 'sqlite',
  '.sqlite3': 'sqlite',
  '.parquet': 'parquet',
  '.ducklake': 'ducklake',
};

export function endingOf(kind: DestinationKind): string {
  return Object.entries(KIND_OF).find(([, known]) => known === kind)?.[0] ?? '';
}
