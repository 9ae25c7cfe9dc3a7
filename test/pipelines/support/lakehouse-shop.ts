import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createActivities } from '../../../activities/index.ts';
import { parseReceipt } from '../../../client/cli/receipt/parse-receipt.ts';
import { projectRoot } from '../../../infra/setup/inventory.mjs';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import type { RunResult } from '../../../workflows/run-request.ts';
import { planSettings } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { TimeSkipping } from '../../support/time-skipping.ts';
import { differences, withLake } from './lakehouse-rows.ts';

/** The pipeline as it ships, over a database, with a lake and results of its own; its runs go through Temporal. */
export class LakehouseShop {
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

/** Full name → what was found, of checks that did not pass. */
export function broken({ checks }: Receipt): Record<string, { failed: number; sample: readonly string[] }> {
  return Object.fromEntries(
    checks.flatMap(({ name, status, failed, sample }) => (status === 'passed' ? [] : [[name, { failed, sample }]])),
  );
}
