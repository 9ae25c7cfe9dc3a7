import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { withSession, type Session } from '../../../activities/duckdb/session.ts';
import { createActivities } from '../../../activities/index.ts';
import { parseReceipt } from '../../../client/cli/receipt/parse-receipt.ts';
import { projectRoot } from '../../../infra/setup/inventory.mjs';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { planSettings } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { TimeSkipping } from '../../support/time-skipping.ts';

/** The pipeline as it ships, over a database, with a lake and results of its own; its runs go through Temporal. */
export class LakehouseShop {
  readonly folder: string;
  readonly #time: TimeSkipping;
  readonly #stages: ReturnType<typeof createActivities>;

  private constructor(folder: string, url: string, time: TimeSkipping) {
    this.folder = folder;
    this.#time = time;
    const settings = planSettings(folder, join(projectRoot(), 'pipelines'));
    this.#stages = createActivities({
      ...settings,
      variables: { LAKEHOUSE_SOURCE_URL: url },
      alertLog: join(folder, 'alerts.log'),
      showAlert: () => undefined,
    });
  }

  static async make(url: string, time: TimeSkipping): Promise<LakehouseShop> {
    return new LakehouseShop(await temporaryFolder(), url, time);
  }

  /** `anyAge`: the rows of the sample are as old as it is. */
  async run(options: RunOptions = {}): Promise<Receipt> {
    const { receipt } = await this.#time.run(this.#stages, {
      pipeline: 'lakehouse',
      options: { asOf: '2026-06-30', anyAge: true, ...options },
    });
    return parseReceipt(await readFile(fileURLToPath(receipt), 'utf8'), receipt);
  }

  /** Asks what was published, by SQL over the raw layer. */
  ask<Row = Record<string, string | null>>(query: string): Promise<Row[]> {
    return withSession(undefined, async (session) => {
      await this.#attach(session);
      return session.rows<Row>(query);
    });
  }

  async #attach(session: Session): Promise<void> {
    const raw = join(this.folder, 'out/lakehouse/raw');
    await loadExtension(session, 'ducklake');
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH 'ducklake:sqlite:${raw}.sqlite' AS lake (DATA_PATH '${raw}/', READ_ONLY)`);
    await session.run('USE lake');
  }
}
