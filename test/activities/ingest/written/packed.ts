import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { zstdFrame } from './zstd-frame.ts';

export const PACKINGS = ['none', 'none', 'gzip', 'zstd', 'zip'] as const;
export type Packing = (typeof PACKINGS)[number];

/** A file as a program packs it, with the name that it has then. */
export async function pack(name: string, bytes: Buffer, packing: Packing): Promise<{ name: string; bytes: Buffer }> {
  switch (packing) {
    case 'none':
      return { name, bytes };
    case 'gzip':
      return { name: `${name}.gz`, bytes: gzipSync(bytes) };
    case 'zstd':
      return { name: `${name}.zst`, bytes: zstdFrame(bytes, 1_000) };
    case 'zip': {
      const zip = new ZipFile();
      zip.addBuffer(bytes, name);
      zip.end();
      return { name: `${name}.zip`, bytes: await buffer(zip.outputStream) };
    }
  }
}
