/** A process that holds the embedded server of a folder until it is told to let go, or killed. */
import { acquireEmbeddedServer } from '../../../infra/temporal/embedded-server.ts';

const [environmentFolder = '', ...searchAttributes] = process.argv.slice(2);
const server = await acquireEmbeddedServer({ environmentFolder, searchAttributes });
process.stdout.write(`${JSON.stringify({ address: server.address, uiUrl: server.uiUrl })}\n`);
process.stdin.once('data', () => {
  void server.release().then(() => {
    process.stdout.write('released\n');
    process.exit(0);
  });
});
