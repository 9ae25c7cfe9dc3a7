import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { publishTables } from '../../../activities/publish/publish-tables.ts';
import type { PublishedTable, PublishRequest, StagedTable } from '../../../workflows/stages.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import { postgresServer, requestOf, type Destination } from '../../activities/publish/destinations.ts';
import { tellPostgres } from '../../support/postgres.ts';
import { quietWork } from '../../support/work.ts';
import { readState, type State } from './reader.ts';

/** A load that a run asks to publish. Runs ask in the order of their numbers. */
export interface Asked {
  readonly run: number;
  readonly staged: readonly StagedTable[];
}

/** A published place that can be brought back to an earlier state. */
export interface Place {
  request(asked: Asked): Promise<PublishRequest>;
  publish(asked: Asked): Promise<PublishedTable[]>;
  state(): Promise<State>;
  /** Files of ours that no reader should meet, and nobody needs. */
  leftovers(): Promise<string[]>;
  keep(name: string): Promise<void>;
  restore(name: string): Promise<void>;
}

/** @param folder of this place alone */
export function placeOf(destination: Destination, folder: string, plans: readonly TablePlan[]): Place {
  const path = join(folder, destination.path);
  const { remote } = destination;
  const mode = plans[0]?.mode ?? 'replace';
  const request = async ({ run, staged }: Asked): Promise<PublishRequest> => ({
    ...requestOf(folder, `run-${run}`),
    requestedAt: new Date(Date.UTC(2026, 0, 1, run)).toISOString(),
    tables: staged,
    destination: {
      ...{ name: 'shop', kind: destination.kind, path: remote?.url(path) ?? path, tables: plans },
      ...(destination.server ? { server: await destination.server(path) } : {}),
    },
  });
  return {
    request,
    publish: async (asked) => publishTables(await request(asked), quietWork(), { variables: {} }),
    state: () =>
      readState(
        destination,
        path,
        plans.map(({ name }) => name),
        mode,
      ),
    leftovers: async () => {
      await remote?.fetch(path);
      const files = await readdir(join(folder, 'out'), { recursive: true }).catch(() => []);
      return files.filter((file) => /\.part$|-journal$|\.acequia-commit/.test(file));
    },
    keep: async (name) => {
      await remote?.fetch(path);
      await rm(join(folder, `kept ${name}`), { recursive: true, force: true });
      await cp(join(folder, 'out'), join(folder, `kept ${name}`), { recursive: true, force: true }).catch(
        ignoreMissing,
      );
      if (destination.server) await copyDatabase((await destination.server(path)).url, name);
    },
    restore: async (name) => {
      await rm(join(folder, 'out'), { recursive: true, force: true });
      await cp(join(folder, `kept ${name}`), join(folder, 'out'), { recursive: true }).catch(ignoreMissing);
      if (destination.server) await bringBackDatabase((await destination.server(path)).url, name);
      await mkdir(join(folder, 'out'), { recursive: true });
      await remote?.put(path);
    },
  };
}

/** A server's tables lie in no folder. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

async function copyDatabase(url: string | undefined, name: string): Promise<void> {
  const database = databaseOf(url);
  await tellServer(
    `DROP DATABASE IF EXISTS "${database} ${name}"`,
    `CREATE DATABASE "${database} ${name}" TEMPLATE "${database}" STRATEGY file_copy`,
  );
}

async function bringBackDatabase(url: string | undefined, name: string): Promise<void> {
  const database = databaseOf(url);
  await tellServer(
    `DROP DATABASE "${database}" WITH (FORCE)`,
    `CREATE DATABASE "${database}" TEMPLATE "${database} ${name}" STRATEGY file_copy`,
  );
}

function databaseOf(url = ''): string {
  return new URL(url).pathname.slice(1);
}

async function tellServer(...statements: readonly string[]): Promise<void> {
  const { administration } = await postgresServer();
  await tellPostgres(administration(), ...statements);
}
