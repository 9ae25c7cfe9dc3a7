import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError } from '../failure/disk.ts';
import type { Alert } from './compile-alerts.ts';

/** Adds the alerts that the log does not hold yet, one JSON object a line, in one write. Returns those added. */
export async function appendAlerts(path: string, alerts: readonly Alert[]): Promise<Alert[]> {
  if (alerts.length === 0) return [];
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+', 0o600);
    try {
      const known = await knownIds(handle);
      const fresh = alerts.filter(({ id }) => !known.has(id));
      if (fresh.length === 0) return [];
      const lines = fresh.map((alert) => `${JSON.stringify(alert)}\n`).join('');
      await handle.appendFile((await endsMidLine(handle)) ? `\n${lines}` : lines);
      await handle.sync();
      return fresh;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw diskError(error, path);
  }
}

async function knownIds(handle: FileHandle): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const line of handle.readLines({ start: 0, autoClose: false })) {
    const id = idOf(line);
    if (id) ids.add(id);
  }
  return ids;
}

/** A line that a kill cut short is no alert; it is written again, whole. */
function idOf(line: string): string | undefined {
  try {
    return (JSON.parse(line) as Partial<Alert>).id;
  } catch {
    return undefined;
  }
}

async function endsMidLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
