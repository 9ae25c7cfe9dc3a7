/** The program that keeps one environment's embedded Temporal server: see `runKeeper`. Its argument is a request as JSON. */
import { runKeeper } from '../keeper/keep.ts';
import { devServers, type DevServerRequest } from './kept-dev-server.ts';

runKeeper(devServers(JSON.parse(process.argv[2] ?? '{}') as DevServerRequest));
