import { open, type FileHandle } from 'node:fs/promises';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { sourceCorrupt } from '../files/corrupt.ts';
import { CompactReader } from './compact-reader.ts';

/** Bytes of the longest footer that is looked at. */
const LONGEST_FOOTER = 256 << 20;
const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';

/** What a Parquet file's footer says of its rows. */
export interface Footer {
  readonly rows: number;
  readonly rowGroups: number;
}

/**
 * The second reader of Parquet: takes the number of rows from the footer, without DuckDB, once as a whole and once as the
 * sum of the row groups. Errors: `SourceCorrupt` for a file that is cut off or whose footer makes no sense,
 * `SourceRefused` for an encrypted one.
 */
export async function readFooter(path: string, name: string): Promise<Footer> {
  const file = await open(path, 'r');
  try {
    const bytes = await footerBytes(file, name);
    return parseFooter(bytes, name);
  } finally {
    await file.close();
  }
}

async function footerBytes(file: FileHandle, name: string): Promise<Buffer> {
  const { size } = await file.stat();
  const head = await read(file, 0, 4);
  const tail = await read(file, Math.max(0, size - 8), 8);
  const magic = tail.subarray(4).toString('latin1');
  if (head.toString('latin1') === ENCRYPTED_MAGIC || magic === ENCRYPTED_MAGIC) {
    throw new AcequiaError('SourceRefused', {
      what: 'The Parquet file is encrypted.',
      where: name,
      remedy: 'have it written without encryption',
    });
  }
  if (head.toString('latin1') !== MAGIC) throw broken(name, 'It does not begin as a Parquet file does.');
  if (size < 12 || magic !== MAGIC) throw broken(name, 'It does not end as a Parquet file does: it is cut off.');
  const length = tail.readUInt32LE(0);
  if (length === 0 || length > size - 12 || length > LONGEST_FOOTER) {
    throw broken(name, 'The length of its footer makes no sense.');
  }
  return read(file, size - 8 - length, length);
}

/** `FileMetaData`: field 3 is the number of rows, field 4 the row groups; in a `RowGroup` field 3 is its rows. */
function parseFooter(bytes: Buffer, name: string): Footer {
  let rows: number | undefined;
  const groups: number[] = [];
  try {
    const reader = new CompactReader(bytes);
    reader.struct((field, type) => {
      if (field === 3) rows = reader.integer(type);
      else if (field === 4) {
        reader.list((groupType) => {
          if (groupType !== 12) throw new RangeError('no row group');
          reader.struct((inner, innerType) => {
            if (inner === 3) groups.push(reader.integer(innerType));
            else reader.skip(innerType);
          });
        });
      } else reader.skip(type);
    });
  } catch (error) {
    throw broken(name, 'Its footer makes no sense.', error);
  }
  const sum = groups.reduce((before, group) => before + group, 0);
  if (rows === undefined || rows < 0 || sum !== rows) throw broken(name, 'Its footer contradicts itself on the rows.');
  return { rows, rowGroups: groups.length };
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function broken(name: string, why: string, cause?: unknown): AcequiaError {
  return sourceCorrupt(name, 'The Parquet file is damaged.', why, cause);
}
