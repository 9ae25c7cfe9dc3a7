import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withSession } from '../../../activities/duckdb/session.ts';
import { createActivities } from '../../../activities/index.ts';
import { projectRoot } from '../../../infra/setup/inventory.mjs';
import { parseReceipt } from '../../../client/cli/receipt/parse-receipt.ts';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { planSettings } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { TimeSkipping } from '../../support/time-skipping.ts';

export const USERS =
  'user_id,name,email,country,updated_at\nu1,Ada,a@example.com,ES,2025-12-01\nu2,Blas,b@example.com,AR,\n';
export const PRODUCTS = JSON.stringify([
  { sku: 'BOOK', name: 'A book', category: 'books', price: 12.5 },
  { sku: 'PEN', name: 'A pen', category: 'office', price: 0.95 },
]);

/** The pipeline as it ships, with files, a lake and results of its own; its runs go through Temporal. */
export class OrdersShop {
  readonly folder: string;
  readonly #time: TimeSkipping;
  readonly #stages: ReturnType<typeof createActivities>;

  private constructor(folder: string, time: TimeSkipping) {
    this.folder = folder;
    this.#time = time;
    const settings = planSettings(folder, join(projectRoot(), 'pipelines'));
    this.#stages = createActivities({ ...settings, alertLog: join(folder, 'alerts.log'), showAlert: () => undefined });
  }

  static async make(time: TimeSkipping): Promise<OrdersShop> {
    return new OrdersShop(await temporaryFolder(), time);
  }

  /** Puts the files of one delivery in the place of those before. */
  async deliver(orders: string, users = USERS): Promise<void> {
    const inbox = join(this.folder, 'inbox');
    await rm(inbox, { recursive: true, force: true });
    await mkdir(inbox, { recursive: true });
    await writeFile(join(inbox, 'orders.jsonl'), orders);
    await writeFile(join(inbox, 'users.csv'), users);
    await writeFile(join(inbox, 'products.json'), PRODUCTS);
  }

  async run(options: RunOptions = {}): Promise<Receipt> {
    const inbox = options.sample === undefined ? { inbox: join(this.folder, 'inbox') } : {};
    const { receipt } = await this.#time.run(this.#stages, {
      pipeline: 'orders',
      options: { asOf: '2026-02-28', ...inbox, ...options },
    });
    return parseReceipt(await readFile(fileURLToPath(receipt), 'utf8'), receipt);
  }

  out(name: string): string {
    return join(this.folder, 'out/orders', name);
  }

  /** The rows of a table, each as text; `more`: what stands behind `FROM`. */
  async rows(table = 'fact_order', select = '*', more = ''): Promise<string[]> {
    if ((await this.files(table)).size === 0) return [];
    const found = await withSession(undefined, (session) =>
      session.rows(
        `SELECT ${select} FROM read_parquet('${this.out(table)}/**/*.parquet', hive_partitioning = true) ${more} ORDER BY ALL`,
      ),
    );
    return found.map((row) => JSON.stringify(Object.values(row)));
  }

  /** Path below the table's folder → when and as what it was written. */
  async files(table = 'fact_order'): Promise<Map<string, string>> {
    const names = await readdir(this.out(table), { recursive: true }).catch(() => []);
    const found = names.filter((name) => name.endsWith('.parquet')).sort();
    return new Map(
      await Promise.all(
        found.map(async (name): Promise<[string, string]> => {
          const { mtimeMs, ino } = await stat(join(this.out(table), name));
          return [name, `${ino} ${mtimeMs}`];
        }),
      ),
    );
  }
}
