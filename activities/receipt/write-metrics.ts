import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError } from '../failure/disk.ts';

/** Where the metrics of a run are, in its pipeline's output folder. */
export function metricsPath(out: string): string {
  return join(out, 'metrics.json');
}

/** Puts the metrics of a run in the place of those before, whole. */
export async function writeMetrics(path: string, metrics: Readonly<Record<string, number>>): Promise<void> {
  const part = join(dirname(path), `.metrics-${randomUUID()}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(part, `${JSON.stringify(metrics, null, 2)}\n`);
    await rename(part, path);
  } catch (error) {
    throw diskError(error, path);
  } finally {
    await rm(part, { force: true });
  }
}
