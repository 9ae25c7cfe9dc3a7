/**
 * Imported by what tests open databases with, but not by whole commands: in their processes DuckDB loads extensions without a
 * look at their signatures. To check one it hashes 40 MB at every LOAD, ten times the work of all else in a session, and tests open
 * thousands of sessions. That the product's sessions do check is held in `test/activities/duckdb/extensions.test.ts`.
 */
import { DuckDBInstance } from '@duckdb/node-api';

/** Opens a database as the product does. */
export const openAsProduct = DuckDBInstance.create.bind(DuckDBInstance);

/** @type {typeof DuckDBInstance.create} */
DuckDBInstance.create = (path, options) => openAsProduct(path, { ...options, allow_unsigned_extensions: 'true' });
