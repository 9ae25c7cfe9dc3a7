import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import { declaredViews } from './declared-views.ts';
import { buildApi } from './server.ts';

export interface ServedApi {
  /** `http://127.0.0.1:5000` */
  readonly url: string;
  /** The paths of the views, with their first slash. */
  readonly views: readonly string[];
  /** Finishes what is being answered and frees the port. */
  close(): Promise<void>;
}

/** Why the API could not listen; the message has four parts. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Serves the views of the project's pipelines. @throws ListenError when the address cannot be had */
export async function serveApi(
  settings: Pick<EnvironmentSettings, 'api' | 'out' | 'pipelinesFolder'>,
): Promise<ServedApi> {
  const { host, port } = settings.api;
  const views = await declaredViews(settings.pipelinesFolder, settings.out);
  const app = await buildApi(views);
  try {
    const url = await app.listen({ host, port });
    return { url, views: views.map(({ name }) => `/${name}`), close: () => app.close() };
  } catch (cause) {
    await app.close();
    throw listenError(cause, host, port);
  }
}

function listenError(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const what: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use: another program listens on ${host}:${port}.`,
    EACCES: `Port ${port} may not be used: the system keeps it for privileged programs.`,
    EADDRNOTAVAIL: `${host} is no address of this machine.`,
    ENOTFOUND: `${host} is no address of this machine.`,
  };
  const sentence = what[String(code)];
  if (sentence === undefined) return cause;
  const setting = code === 'EADDRINUSE' || code === 'EACCES' ? 'ACEQUIA_API_PORT' : 'ACEQUIA_API_HOST';
  return new ListenError(
    [
      `The API cannot start. ${sentence}`,
      `  where: ${setting}, else api of the environment in pipelines/environments.ts`,
      setting === 'ACEQUIA_API_PORT'
        ? `  to do: stop that program, or choose another port: ACEQUIA_API_PORT=${port < 1024 ? 5000 : port + 1} npm run api`
        : '  to do: set ACEQUIA_API_HOST to 127.0.0.1, or to an address of this machine',
    ].join('\n'),
    { cause },
  );
}
