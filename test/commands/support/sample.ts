import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../infra/setup/inventory.mjs';

export const SOURCES = ['productos', 'clientes', 'ventas', 'inventario'] as const;
export type SourceName = (typeof SOURCES)[number];

const SAMPLE = join(projectRoot(), 'pipelines', 'sales', 'sample');

/** Copies the sample's files into a new inbox; flags that read it as the sample is read. */
export function copySample(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  for (const name of SOURCES) cpSync(join(SAMPLE, `${name}.csv`), join(folder, `${name}.csv`));
  return ['--inbox', folder, '--as-of', '2025-09-30'];
}

/** Replaces text in a file that holds it exactly once. */
export function edit(folder: string, name: SourceName, from: string, to: string): void {
  const path = join(folder, `${name}.csv`);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${path} holds ${JSON.stringify(from)} not exactly once`);
  writeFileSync(path, text.replace(from, to));
}

/** Makes a file look as if it had not been written for some days. */
export function age(path: string, days: number): void {
  const then = new Date(Date.now() - days * 86_400_000);
  utimesSync(path, then, then);
}
