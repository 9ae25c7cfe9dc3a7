import { createHash } from 'node:crypto';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { receiptKey } from '../../../workflows/receipt.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A lake in which every file has an age, as runs of many days leave it. */

export const DAY = 86_400_000;
export const NOW = Date.parse('2026-06-01T12:00:00.000Z');

/** What one run has made and names; `content` stands for the bytes that it read: the same bytes are staged once. */
export interface AgedRun {
  readonly id: string;
  /** Days since it ended. */
  readonly age: number;
  readonly content: string;
}

export class AgedLake {
  readonly folder: string;
  readonly uri: string;

  constructor(folder: string) {
    this.folder = folder;
    this.uri = pathToFileURL(folder).href;
  }

  static async make(): Promise<AgedLake> {
    const lake = new AgedLake(join(await temporaryFolder(), 'a lake'));
    await mkdir(lake.folder);
    return lake;
  }

  /** Writes a file that is some days old. What is there already keeps its time. */
  async put(key: string, age: number, text = key): Promise<void> {
    const path = join(this.folder, key);
    await mkdir(dirname(path), { recursive: true });
    const isNew = await writeFile(path, text, { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    const seconds = (NOW - age * DAY) / 1_000;
    if (isNew) await utimes(path, seconds, seconds);
  }

  /** A run as its stages leave it. */
  async run({ id, age, content }: AgedRun): Promise<void> {
    const { staged, quarantine, broken, model, landing, check } = keysOf({ id, content });
    const report = { files: [{ name: 'a.csv', digest: 'of an entry', landing: this.uriOf(landing) }] };
    for (const key of [...staged, quarantine, broken, model, landing, check]) {
      await this.put(key, age, key.endsWith('source.json') ? JSON.stringify(report) : key);
    }
    const receipt = {
      version: 1,
      run: { pipeline: 'shop', runId: id, finishedAt: new Date(NOW - age * DAY).toISOString() },
      sources: [
        { name: 'orders', quarantine: this.uriOf(quarantine), report: this.uriOf(staged[0] ?? '') },
        { name: 'broken', quarantine: null, report: null },
      ],
      // As earlier releases wrote them, the second one says nothing of a quarantine.
      tables: [{ name: 'sales', stored: [this.uriOf(model)], quarantine: this.uriOf(broken) }, { name: 'days' }],
    };
    await this.put(receiptKey({ pipeline: 'shop', runId: id }), age, JSON.stringify(receipt));
  }

  uriOf(key: string): string {
    return pathToFileURL(join(this.folder, key)).href;
  }

  /** Key → bytes of all there is, but the records of clean-ups. */
  async files(): Promise<Map<string, number>> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const found = new Map<string, number>();
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const key = relative(this.folder, path);
      if (entry.isFile() && !key.startsWith('clean-ups/')) found.set(key, (await stat(path)).size);
    }
    return found;
  }
}

/** Where a run's things lie; all but the check report are named by the content. */
export function keysOf({ id, content }: Pick<AgedRun, 'id' | 'content'>) {
  const digest = createHash('sha256').update(content).digest('hex');
  const staged = `staging/shop/orders/${digest.slice(0, 16)}`;
  return {
    staged: [`${staged}/source.json`, `${staged}/orders/0.parquet`, `${staged}/orders/1.parquet`],
    quarantine: `quarantine/shop/orders/${digest.slice(0, 16)}.parquet`,
    broken: `quarantine/shop/models.sales/${digest.slice(0, 32)}.parquet`,
    model: `models/shop/sales/${digest.slice(0, 32)}.parquet`,
    landing: `landing/sha256/${digest.slice(0, 2)}/${digest}`,
    check: `reports/shop/${id}/checks.json`,
  };
}
