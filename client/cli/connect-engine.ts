import type { Connection, ConnectionOptions } from '@temporalio/client';
import { answers } from '../../infra/temporal/probe.ts';
import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-codes.ts';
import { retryUntilClosed } from './retry-until-closed.ts';

/** The Temporal server a command works with, and the open connection to it. */
export interface Engine {
  readonly address: string;
  /** `named` by a setting, `found` at the environment's default address, or `embedded`: our own. */
  readonly kind: 'named' | 'found' | 'embedded';
  readonly namespace: string;
  /** Where its Web UI is, without a slash at its end; absent when nobody has said. */
  readonly uiUrl?: string;
  readonly connection: Connection;
  /** Closes the connection, and lets an embedded server stop when nobody else uses it. */
  release(): Promise<void>;
}

/** What is said about the choice, in the order in which it is found out. */
export type Say = (line: string) => void;

export interface EmbeddedServer {
  readonly address: string;
  readonly uiUrl: string;
  /** It was up before. */
  readonly shared: boolean;
  release(): Promise<void>;
}

/** A named server may be far away; one at a default address is on this machine. */
const NAMED_TIMEOUT_MS = 5_000;
const FOUND_TIMEOUT_MS = 1_000;
const PROBE_TIMEOUT_MS = 150;

/**
 * Finds the environment's Temporal server: the one a setting names, else one that answers at the environment's default
 * address, else an embedded one.
 *
 * @throws CommandError (exit 6) when the named server does not answer, or none may be started.
 */
export async function connectEngine(
  settings: EnvironmentSettings,
  say: Say,
  acquire: () => Promise<EmbeddedServer>,
): Promise<Engine> {
  const { temporal } = settings;
  if (temporal.explicit) return connectNamed(settings);
  if (temporal.address && (await answers(temporal.address, PROBE_TIMEOUT_MS))) {
    const found = await connectFound(settings, temporal.address);
    if (found) {
      say(`using the Temporal server at ${temporal.address}`);
      return found;
    }
    say(`something answers at ${temporal.address}, but it is no Temporal server; leaving it alone`);
  }
  if (!temporal.embedded) {
    throw unreachable(temporal.address ?? '(no address)', `environment ${settings.name}, pipelines/environments.ts`);
  }
  const server = await acquire();
  say(
    server.shared
      ? `using the embedded Temporal server that is up at ${server.address}`
      : `started an embedded Temporal server at ${server.address}; it stops when nobody uses it any more`,
  );
  return connectEmbedded(settings, server);
}

async function connectNamed(settings: EnvironmentSettings): Promise<Engine> {
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  const config = loadClientConnectConfig(settings.temporal.profile ? { profile: settings.temporal.profile } : {});
  const address = settings.temporal.address ?? config.connectionOptions.address ?? 'localhost:7233';
  const { tls, apiKey, metadata } = config.connectionOptions;
  try {
    const connected = await connect({
      address,
      connectTimeout: NAMED_TIMEOUT_MS,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    const namespace = process.env['TEMPORAL_NAMESPACE'] ?? config.namespace ?? settings.temporal.namespace;
    return engineOf(settings, { address, kind: 'named', namespace, ...connected });
  } catch (cause) {
    const source = settings.temporal.profile ? `TEMPORAL_PROFILE=${settings.temporal.profile}` : 'TEMPORAL_ADDRESS';
    throw unreachable(address, source, cause);
  }
}

async function connectFound(settings: EnvironmentSettings, address: string): Promise<Engine | undefined> {
  try {
    const connected = await connect({ address, connectTimeout: FOUND_TIMEOUT_MS });
    return engineOf(settings, { address, kind: 'found', namespace: settings.temporal.namespace, ...connected });
  } catch {
    return undefined;
  }
}

async function connectEmbedded(settings: EnvironmentSettings, server: EmbeddedServer): Promise<Engine> {
  try {
    const { connection, release } = await connect({ address: server.address, connectTimeout: NAMED_TIMEOUT_MS });
    return {
      ...{ address: server.address, kind: 'embedded', namespace: settings.temporal.namespace, connection },
      uiUrl: server.uiUrl.replace(/\/+$/, ''),
      release: async () => {
        await release();
        await server.release();
      },
    };
  } catch (cause) {
    await server.release();
    throw unreachable(server.address, 'the embedded server', cause);
  }
}

/** Connecting asks the server for its capabilities: only a Temporal server answers that. */
async function connect(options: ConnectionOptions): Promise<Pick<Engine, 'connection' | 'release'>> {
  const { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } = await import('@temporalio/client');
  const closed = new AbortController();
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  const connection = await Connection.connect({ ...options, interceptors: [retryUntilClosed(retry, closed.signal)] });
  const release = (): Promise<void> => {
    closed.abort();
    return connection.close();
  };
  return { connection, release };
}

function engineOf(settings: EnvironmentSettings, parts: Omit<Engine, 'uiUrl'>): Engine {
  const uiUrl = settings.temporal.uiUrl ?? devServerUi(parts.address);
  return { ...parts, ...(uiUrl ? { uiUrl } : {}) };
}

/** `temporal server start-dev` puts its Web UI a thousand ports above; of other servers nothing is known. */
function devServerUi(address: string): string | undefined {
  const match = /^(localhost|127\.0\.0\.1|\[::1\]):(\d+)$/.exec(address);
  return match ? `http://${match[1]}:${Number(match[2]) + 1_000}` : undefined;
}

function unreachable(address: string, source: string, cause?: unknown): CommandError {
  const why = cause instanceof Error ? `\n  why:   ${cause.message.split('\n')[0] ?? ''}` : '';
  return new CommandError(
    EXIT.engineUnreachable,
    `No Temporal server answers at ${address}.\n  where: ${source}${why}\n  to do: start that server, or unset TEMPORAL_ADDRESS and TEMPORAL_PROFILE (dev and local then start one of their own)`,
    cause === undefined ? undefined : { cause },
  );
}

/** The page of one run in the server's Web UI. */
export function runLink(
  engine: Pick<Engine, 'uiUrl' | 'namespace'>,
  workflowId: string,
  runId: string,
): string | undefined {
  if (!engine.uiUrl) return undefined;
  return `${engine.uiUrl}/namespaces/${engine.namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}
