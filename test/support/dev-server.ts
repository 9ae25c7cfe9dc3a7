import { Client, Connection } from '@temporalio/client';
import { join } from 'node:path';
import { acquireEmbeddedServer } from '../../infra/temporal/embedded-server.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.ts';

export interface DevServer {
  readonly address: string;
  readonly client: Client;
  close(): Promise<void>;
}

/** A real Temporal dev server with its database below `home`, the same that commands with that home would use. */
export async function startDevServer(home: string): Promise<DevServer> {
  const server = await acquireEmbeddedServer({
    environmentFolder: join(home, 'dev'),
    searchAttributes: SEARCH_ATTRIBUTES.map(({ name }) => name),
  });
  const connection = await Connection.connect({ address: server.address });
  return {
    address: server.address,
    client: new Client({ connection, identity: 'test' }),
    close: async () => {
      await connection.close();
      await server.release();
    },
  };
}
