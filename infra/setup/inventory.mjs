/** Where the things are that set-up provides: the one door for code that runs after it. */
export { cacheFolder } from './cache-folder.mjs';
export { duckdbExtensionDirectory } from './duckdb-extensions.mjs';
export { projectRoot } from './project.mjs';
export { findTemporal, temporalVersion, usesOwnServer } from './temporal-server.mjs';
export { testServer } from './test-server.mjs';
export { clamd } from './clamd.mjs';
export { bigQueryEmulator } from './bigquery-emulator.mjs';
export { builtFile } from './build.mjs';
export { fakeGcs, moto, versitygw } from './object-servers.mjs';
