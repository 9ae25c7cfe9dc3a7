import { ensureBuild } from './build.mjs';
import { ensureDuckdbExtensions } from './duckdb-extensions.mjs';
import { ensureNodeModules } from './node-modules.mjs';
import { say } from './say.mjs';
import { ensureTemporal, usesOwnServer } from './temporal-server.mjs';
import { interruptible } from './way-out.mjs';

/**
 * Provides all that Acequia needs on this machine, in the order in which one thing needs the other. Costs some
 * milliseconds when everything is there.
 * @param {{ servers?: boolean, test?: boolean }} [options] `servers: false` leaves out what only running a pipeline
 *   needs; `test: true` adds what only tests need
 */
export async function setUp({ servers = true, test = false } = {}) {
  const provide = async () => {
    await ensureNodeModules();
    await ensureBuild();
    if (!servers) return;
    await ensureDuckdbExtensions();
    if (test || usesOwnServer()) await ensureTemporal();
    if (!test) return;
    await (await import('./test-server.mjs')).ensureTestServer();
    await (await import('./clamd.mjs')).ensureClamd();
    await (await import('./bigquery-emulator.mjs')).ensureBigQueryEmulator();
    await (await import('./object-servers.mjs')).ensureObjectServers();
  };
  await interruptible(provide, () => say('interrupted; nothing half-installed is left'));
}
