import { DESTINATIONS, PARTITIONED, SERVED, type Destination } from './destinations.ts';

const [SQLITE, DUCKDB, ONE_FILE, FOLDER] = DESTINATIONS;
const [POSTGRES, DUCKLAKE] = SERVED;

/** The destination of a copy as a person types it, for a place; of a server's the URL is in `WAREHOUSE_URL`. */
export const TYPED = new Map<Destination, (path: string, schema: string) => readonly string[]>([
  [SQLITE!, (path) => [`sqlite:${path}`]],
  [DUCKDB!, (path) => [`duckdb:${path}`]],
  [ONE_FILE!, (path) => [`parquet:${path}`]],
  [FOLDER!, (path) => [`parquet:${path}/`]],
  [PARTITIONED, (path) => [`parquet:${path}/`, '--partition-by', 'day']],
  [POSTGRES!, (_, schema) => [`postgres:WAREHOUSE_URL/${schema}`]],
  [DUCKLAKE!, (path) => [`ducklake:${path}`]],
]);
