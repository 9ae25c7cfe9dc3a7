import { compressSync } from 'snappy';
import { ByteWriter } from './byte-writer.ts';
import { writeDataPageHeader, writeDictionaryHeader } from './parquet-metadata.ts';
import { writeLevels } from './run-lengths.ts';

/** Writes the pages of one row group after another, each compressed by itself. */
export class PageWriter {
  /** Everything so far. */
  readonly out = new ByteWriter(1 << 20);
  /** Bytes of all pages of the present column with their headers, if they were not compressed. */
  uncompressed = 0;
  private readonly body = new ByteWriter(1 << 16);

  /** The rows from `from` to `to`. `valid`: where there are values; nothing if there is one in every row. */
  values(
    valid: Uint8Array | undefined,
    from: number,
    to: number,
    encoding: number,
    write: (body: ByteWriter) => void,
  ): void {
    const { body } = this;
    body.at = 0;
    if (valid) writeLevels(body, valid, from, to);
    else writeAllPresent(body, to - from);
    write(body);
    this.page((plainBytes, bytes) => writeDataPageHeader(this.out, { rows: to - from, encoding, plainBytes, bytes }));
  }

  dictionary(entries: number, write: (body: ByteWriter) => void): void {
    this.body.at = 0;
    write(this.body);
    this.page((plainBytes, bytes) => writeDictionaryHeader(this.out, { entries, plainBytes, bytes }));
  }

  private page(writeHeader: (plainBytes: number, bytes: number) => void): void {
    const plain = this.body.written();
    const packed = compressSync(plain, { copyOutputData: true });
    const before = this.out.at;
    writeHeader(plain.length, packed.length);
    this.uncompressed += this.out.at - before + plain.length;
    this.out.append(packed);
  }
}

/** One run of ones, with its length before it. */
function writeAllPresent(body: ByteWriter, rows: number): void {
  body.word(0);
  body.varint(rows * 2);
  body.byte(1);
  body.view.setInt32(0, body.at - 4, true);
}
