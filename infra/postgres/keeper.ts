/** The program that keeps one environment's embedded Postgres: see `runKeeper`. Its argument is a request as JSON. */
import { runKeeper } from '../keeper/keep.ts';
import { postgresServers, type PostgresRequest } from './kept-postgres.ts';

runKeeper(postgresServers(JSON.parse(process.argv[2] ?? '{}') as PostgresRequest));
