import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { FILE_LIMITS, type FileLimits } from '../../../../activities/ingest/files/limits.ts';
import { unpack } from '../../../../activities/ingest/files/unpack.ts';
import type { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

export type Content = readonly [name: string, content: string | AcequiaError];

/** What comes out of these bytes: each file's name with its text or error. Checks that no scratch file stays behind. */
export async function unpackBytes(
  bytes: Uint8Array,
  compression: 'gzip' | 'zstd' | 'zip',
  { limits = {}, signal }: { limits?: Partial<FileLimits>; signal?: AbortSignal } = {},
): Promise<Content[]> {
  const folder = await temporaryFolder();
  const path = join(await temporaryFolder(), 'packed');
  await writeFile(path, bytes);
  const contents: Content[] = [];
  const request = {
    path,
    name: 'in.csv.gz',
    bytes: (await stat(path)).size,
    folder,
    limits: { ...FILE_LIMITS, ...limits },
    onBytes: () => undefined,
    signal: signal ?? new AbortController().signal,
  };
  try {
    for await (const item of unpack(request, compression)) {
      if (item.kind === 'leftOut') contents.push(['left out', item.names.join()]);
      else if (item.kind === 'failed') contents.push([item.name, item.error]);
      else contents.push([item.name, await readFile(item.path, 'utf8')]);
    }
  } finally {
    expect(await readdir(folder)).toEqual([]);
  }
  return contents;
}
