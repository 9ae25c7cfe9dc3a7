import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import { serveApi } from '../api/serve.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { listenForInterrupts } from './interrupts.ts';
import { untilAborted } from './pause.ts';

/** `acequia api`: serves the views until Ctrl-C. */
export async function api(environment: string): Promise<ExitCode> {
  const interrupts = listenForInterrupts();
  const served = await serveApi(resolveEnvironment(environment, process.env));
  process.stdout.write(
    [`API      ${served.url}`, ...served.views.map((path) => `  GET ${served.url}${path}`), 'Ctrl-C stops it', ''].join(
      '\n',
    ),
  );
  await untilAborted(interrupts.signal);
  await served.close();
  process.stdout.write('stopped\n');
  return EXIT.done;
}
