import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

/** A worker's connection. Credentials and TLS come from Temporal's own settings (`TEMPORAL_*`, profiles); the address is given. */
export async function connectWorker(address: string): Promise<NativeConnection> {
  const { connectionOptions } = loadClientConnectConfig();
  return NativeConnection.connect({ ...connectionOptions, address });
}
