import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { createActivities } from '../../../activities/index.ts';
import { parseReceipt } from '../../../client/cli/receipt/parse-receipt.ts';
import { projectRoot } from '../../../infra/setup/inventory.mjs';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import type { RunResult } from '../../../workflows/run-request.ts';
import { planSettings } from '../../support/pipeline-folder.ts';
import { startPostgres, tellPostgres, type PostgresServer } from '../../support/postgres.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { useTimeSkipping, type TimeSkipping } from '../../support/time-skipping.ts';
import { differences, withLake } from './lakehouse-rows.ts';

/** The pipeline as it ships, over a database, with a lake and results of its own; its runs go through Temporal. */
class LakehouseShop {
  readonly url: string;
  readonly raw: string;
  readonly #time: TimeSkipping;
  readonly #stages: ReturnType<typeof createActivities>;

  private constructor(folder: string, url: string, time: TimeSkipping, variables: Record<string, string>) {
    this.url = url;
    this.raw = join(folder, 'out/lakehouse/raw');
    this.#time = time;
    this.#stages = createActivities({
      ...planSettings(folder, join(projectRoot(), 'pipelines')),
      variables: { LAKEHOUSE_SOURCE_URL: url, ...variables },
      alertLog: join(folder, 'alerts.log'),
      showAlert: () => undefined,
    });
  }

  static async make(url: string, time: TimeSkipping, variables: Record<string, string> = {}): Promise<LakehouseShop> {
    return new LakehouseShop(await temporaryFolder(), url, time, variables);
  }

  /** Runs it to its end, good or bad. Rows may be of any age, as those of the sample are, unless it is said otherwise. */
  async run(options: RunOptions = {}): Promise<Receipt> {
    const { receipt } = await this.#result({ asOf: '2026-06-30', anyAge: true, ...options });
    return parseReceipt(await readFile(fileURLToPath(receipt), 'utf8'), receipt);
  }

  async #result(options: RunOptions): Promise<RunResult> {
    try {
      return await this.#time.run(this.#stages, { pipeline: 'lakehouse', options });
    } catch (error) {
      const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
      if (cause instanceof ApplicationFailure && cause.details?.[0]) return cause.details[0] as RunResult;
      throw error;
    }
  }

  /** Statements over the raw layer as anybody could run them; the rows of the last one. */
  ask<Row = Record<string, string | null>>(...statements: readonly string[]): Promise<Row[]> {
    return withLake(this.raw, async (session) => {
      let rows: Row[] = [];
      for (const statement of statements) rows = await session.rows<Row>(statement);
      return rows;
    });
  }

  /** Table → rows that only the source or only the raw layer has; none where both are the same. */
  differences(): Promise<Record<string, string[]>> {
    return differences(this.url, this.raw);
  }
}

const SAMPLE = readFileSync(new URL('../../../pipelines/lakehouse/sample/source.sql', import.meta.url), 'utf8');

export interface Lakehouses {
  /** Over a source of its own, as the sample is, and then some. */
  readonly shop: (...statements: readonly string[]) => Promise<LakehouseShop>;
  /** The URL of such a source. */
  readonly source: (...statements: readonly string[]) => Promise<string>;
  /** `variables`: settings besides that of the source. */
  readonly over: (url: string, variables?: Record<string, string>) => Promise<LakehouseShop>;
  readonly server: () => PostgresServer;
}

/** A Postgres with the sample, and a Temporal server, for the tests of one file. */
export function useLakehouses(): Lakehouses {
  let server: PostgresServer | undefined;
  const time = useTimeSkipping();
  beforeAll(async () => {
    server = await startPostgres();
    await tellPostgres(await server.database('sample'), SAMPLE);
  });
  afterAll(() => server?.stop());
  const started = (): PostgresServer => {
    if (!server) throw new Error('the server is used before it was started');
    return server;
  };
  const source: Lakehouses['source'] = async (...statements) => {
    const name = `db_${randomBytes(6).toString('hex')}`;
    const administration = started().administration();
    await tellPostgres(administration, `CREATE DATABASE ${name} TEMPLATE sample`);
    const url = administration.replace(/[^/]*$/, name);
    await tellPostgres(url, ...statements);
    return url;
  };
  const over: Lakehouses['over'] = (url, variables) => LakehouseShop.make(url, time, variables);
  return { shop: async (...statements) => over(await source(...statements)), source, over, server: started };
}

/** Full name → what was found, of checks that did not pass. */
export function broken({ checks }: Receipt): Record<string, { failed: number; sample: readonly string[] }> {
  return Object.fromEntries(
    checks.flatMap(({ name, status, failed, sample }) => (status === 'passed' ? [] : [[name, { failed, sample }]])),
  );
}
