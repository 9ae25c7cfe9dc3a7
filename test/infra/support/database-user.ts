/** A process that uses an embedded database until it is told to let go, or killed. It says that it began, then the URL. */
import { embeddedDatabases } from '../../../infra/postgres/embedded-databases.ts';

const [environmentFolder = '', name = '', sqlFile = ''] = process.argv.slice(2);
const databases = embeddedDatabases(environmentFolder);
const url = await databases.url(name, sqlFile);
process.stdout.write(`${url}\n`);
process.stdin.once('data', () => {
  void databases.release().then(() => process.exit(0));
});
