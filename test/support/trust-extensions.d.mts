import type { DuckDBInstance } from '@duckdb/node-api';

export const openAsProduct: typeof DuckDBInstance.create;
