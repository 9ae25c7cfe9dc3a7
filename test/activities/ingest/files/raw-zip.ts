import { crc32, deflateRawSync } from 'node:zlib';

/** An entry as it is written down, honest or not: what is not said is as it should be. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly content?: string;
  readonly stored?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  /** What the list says of the unpacked size. */
  readonly size?: number;
  /** Unix mode, as in `0o120777`. */
  readonly mode?: number;
  /** The name in the entry's own header. */
  readonly ownName?: string;
}

/** A zip archive of these entries, byte by byte: honest writers refuse to write what hostile ones do. */
export function rawZip(...entries: readonly RawEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? 'a\n1\n');
    const packed = entry.stored ? content : deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.flags ?? 0, 2);
    fields.writeUInt16LE(entry.method ?? (entry.stored ? 0 : 8), 4);
    fields.writeUInt32LE(entry.crc ?? crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(entry.size ?? content.length, 18);
    const name = Buffer.from(entry.name as string);
    const ownName = Buffer.from(entry.ownName ?? (entry.name as string));
    const own = Buffer.from(fields);
    own.writeUInt16LE(ownName.length, 22);
    bodies.push(Buffer.from('504b0304', 'hex'), own, ownName, packed);
    fields.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
    rest.writeUInt32LE(at, 10);
    list.push(Buffer.from('504b01021403', 'hex'), fields, rest, name);
    at += 30 + ownName.length + packed.length;
  }
  const central = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, central, end]);
}
