import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createActivities } from '../../../activities/index.ts';
import type { PlanSettings } from '../../../activities/plan/make-plan.ts';
import { parseReceipt } from '../../../client/cli/receipt/parse-receipt.ts';
import { replayRequest } from '../../../client/cli/replay/replay.ts';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import type { RunDifference } from '../../../workflows/difference.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { writePipeline } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { TimeSkipping } from '../../support/time-skipping.ts';

/** A pipeline with two files, a table of one row a row, and one of sums. */

export const DEFINITION = `import { csv, definePipeline, duckdb } from 'acequia';
export default definePipeline({
  summary: 'Orders', inbox: 'ORDERS_INBOX',
  sources: { orders: csv('in/orders_*', {
    key: ['id'], freshWithin: '1d', badRows: { failAbove: '50%' },
    columns: { id: 'integer!', day: 'date!', amount: 'decimal(10,2)!' } }) },
  models: {
    orders: { key: ['id'], onePer: 'orders', publish: [duckdb('shop.duckdb')] },
    inner_days: { key: ['day'] },
    days: { key: ['day'], publish: [duckdb('shop.duckdb')] },
  },
});
`;
export const MODELS = {
  'models/orders.sql': "SELECT id, day, amount, getvariable('as_of') - day AS age FROM source.orders\n",
  'models/inner_days.sql': 'SELECT day, sum(amount) AS total FROM orders GROUP BY day\n',
  'models/days.sql': 'SELECT * FROM inner_days\n',
};
const FILES = {
  'in/orders_1.csv': 'id,day,amount\n1,2025-01-01,10.00\n2,2025-01-01,20.50\n3,soon,1.00\n',
  'in/orders_2.csv.gz': gzipSync('id,day,amount\n4,2025-01-02,40.00\n'),
};

/** A folder with a pipeline, its files and a lake, whose runs and replays go through Temporal with the stages as they are. */
export class Shop {
  readonly folder: string;
  readonly lake: string;
  readonly #time: TimeSkipping;
  readonly #stages: ReturnType<typeof createActivities>;

  private constructor(folder: string, settings: PlanSettings, time: TimeSkipping) {
    this.folder = folder;
    this.lake = settings.lake;
    this.#time = time;
    this.#stages = createActivities({ ...settings, alertLog: this.path('alerts.log'), showAlert: () => undefined });
  }

  static async make(time: TimeSkipping): Promise<Shop> {
    const folder = await temporaryFolder();
    const shop = new Shop(folder, await write(folder, DEFINITION, {}), time);
    await shop.put('inbox', FILES);
    return shop;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async put(below: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, below, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }

  /** Edits the pipeline. */
  async define(definition = DEFINITION, models: Readonly<Record<string, string>> = {}): Promise<void> {
    await write(this.folder, definition, models);
  }

  run(options: RunOptions = {}): Promise<Receipt> {
    return this.ended('shop', { asOf: '2025-02-01', inbox: this.path('inbox'), anyAge: true, ...options });
  }

  async replay(past: Receipt, asOf?: string): Promise<{ receipt: Receipt; difference: RunDifference }> {
    const { pipeline, options } = replayRequest(past, asOf, 20, { name: 'dev' });
    const receipt = await this.ended(pipeline, options);
    const text = await readFile(fileURLToPath(receipt.replay?.difference ?? ''), 'utf8');
    return { receipt, difference: JSON.parse(text) as RunDifference };
  }

  async ended(pipeline: string, options: RunOptions): Promise<Receipt> {
    const { receipt } = await this.#time.run(this.#stages, { pipeline, options });
    return parseReceipt(await readFile(fileURLToPath(receipt), 'utf8'), receipt);
  }
}

function write(folder: string, definition: string, models: Readonly<Record<string, string>>): Promise<PlanSettings> {
  return writePipeline(folder, 'shop', { 'pipeline.ts': definition, ...MODELS, ...models });
}
