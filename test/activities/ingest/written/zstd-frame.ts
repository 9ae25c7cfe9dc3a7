import { Xxh64 } from '../../../../activities/ingest/files/xxh64.ts';

/** A zstd frame of stored blocks, as a writer makes of what cannot be packed. */
export function zstdFrame(content: Buffer, blockBytes: number, checksum = true): Buffer {
  const parts: Buffer[] = [Buffer.from('28b52ffd', 'hex'), Buffer.from([checksum ? 0b0000_0100 : 0, 0x38])];
  for (let at = 0; at === 0 || at < content.length; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at + blockBytes >= content.length ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  if (!checksum) return Buffer.concat(parts);
  const sum = Buffer.alloc(4);
  const hash = new Xxh64();
  hash.update(content);
  sum.writeUInt32LE(Number(BigInt.asUintN(32, hash.digest())));
  return Buffer.concat([...parts, sum]);
}
