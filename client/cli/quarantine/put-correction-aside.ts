import { createReadStream } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Correction } from '../../../workflows/definition/index.ts';
import { putAside } from '../put-aside.ts';
import { exportColumnsOf, exportDelimiter, withoutExportColumns } from './without-export-columns.ts';

/** Kept as it is now: the run may be carried on, or done again, when the file has changed. */
export async function putCorrectionAside(
  file: string,
  { folder }: Pick<EnvironmentSettings, 'folder'>,
): Promise<Correction> {
  const put = (bytes: Readable): Promise<string> =>
    putAside(bytes, correctionsFolder({ folder }), basename(file), file);
  const isExport = extname(file).toLowerCase() === '.csv' && (await exportDelimiter(file)) !== undefined;
  if (!isExport) return { path: await put(createReadStream(file)) };
  const part = (cut: typeof exportColumnsOf): Readable =>
    Readable.from(cut(createReadStream(file) as AsyncIterable<Buffer>));
  return { path: await put(part(withoutExportColumns)), places: await put(part(exportColumnsOf)) };
}

export function correctionsFolder({ folder }: Pick<EnvironmentSettings, 'folder'>): string {
  return join(folder, 'corrections');
}

/** SHA-256 of a file's bytes when it was put aside, hex. */
export function digestAside(path: string): string {
  return basename(dirname(path));
}
