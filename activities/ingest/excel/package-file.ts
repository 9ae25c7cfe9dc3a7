import { open, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { expansionAllowance, FILE_LIMITS, tooMuchComesOut, type FileLimits } from '../files/limits.ts';
import { sourceCorrupt } from '../files/corrupt.ts';
import { damaged } from '../files/zip-list.ts';
import { entryPath } from '../files/zip-names.ts';

/** An open workbook file: a zip archive of XML parts. */
export interface PackageFile {
  /** The file's name for people. */
  readonly name: string;
  has(part: string): boolean;
  /** The part's bytes, unpacked. Error `SourceCorrupt`: it is not there, or damaged; then at the latest at its end. */
  read(part: string): AsyncIterable<Buffer>;
  close(): void;
}

const OLE_MARK = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** The stream in which an encrypted workbook lies inside its container. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** Opens `path`. Errors: `SourceWrongType` for what is no workbook of ours, `SourceCorrupt`, `SourceRefused`. */
export async function openPackage(path: string, name: string, limits: FileLimits = FILE_LIMITS): Promise<PackageFile> {
  await refuseContainer(path, name);
  const zip = await openPromise(path, { decodeStrings: false, autoClose: false }).catch((error: unknown) => {
    throw damaged(name, error);
  });
  const close = (): void => {
    if (zip.isOpen) zip.close();
  };
  const parts = await listParts(zip, name, (await stat(path)).size, limits).catch((error: unknown) => {
    close();
    throw error instanceof AcequiaError ? error : damaged(name, error);
  });
  if (parts.has('xl/workbook.bin') || parts.get('mimetype')) {
    close();
    throw notOurs(name, parts.has('mimetype') ? 'a document of another program' : 'a binary workbook (.xlsb)');
  }
  return {
    name,
    close,
    has: (part) => parts.has(part),
    read: (part) => {
      const entry = parts.get(part);
      if (!entry) throw sourceCorrupt(name, 'The workbook is not complete.', `It lacks its part ${part}.`);
      return readEntry(zip, entry, part, name);
    },
  };
}

/** All parts by their paths; where one comes twice nobody could say which is meant. */
async function listParts(
  zip: ZipFile,
  name: string,
  packedBytes: number,
  limits: FileLimits,
): Promise<ReadonlyMap<string, Entry>> {
  const parts = new Map<string, Entry>();
  let promised = 0;
  for await (const entry of zip.eachEntry()) {
    const part = entryPath(entry);
    if (parts.has(part))
      throw sourceCorrupt(name, 'The workbook contradicts itself.', `It has its part ${part} twice.`);
    if (parts.size >= limits.zipEntries)
      throw sourceCorrupt(name, 'The workbook is no workbook.', 'It has too many parts.');
    if (entry.isEncrypted()) throw notOurs(name, 'a workbook with a password');
    promised += entry.uncompressedSize;
    if (promised > expansionAllowance(packedBytes, limits)) throw tooMuchComesOut(name, packedBytes, limits);
    parts.set(part, entry);
  }
  return parts;
}

async function* readEntry(zip: ZipFile, entry: Entry, part: string, name: string): AsyncGenerator<Buffer> {
  let crc = 0;
  let bytes = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      if (!Buffer.isBuffer(chunk)) continue;
      crc = crc32(chunk, crc);
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw error instanceof AcequiaError ? error : damaged(name, error);
  }
  if (crc >>> 0 === entry.crc32 >>> 0 && bytes === entry.uncompressedSize) return;
  throw sourceCorrupt(name, 'The workbook is damaged.', `Its part ${part} does not match its checksum.`);
}

/** Old workbooks and encrypted ones lie in a container of the same kind. */
async function refuseContainer(path: string, name: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const head = await file.read(Buffer.alloc(8), 0, 8, 0);
    if (!head.buffer.equals(OLE_MARK)) return;
    const { size } = await file.stat();
    // Its directory stands anywhere; beginning and end hold it but in the strangest files.
    const pieces = await Promise.all(
      [0, Math.max(0, size - SEARCHED)].map((from) => file.read(Buffer.alloc(SEARCHED), 0, SEARCHED, from)),
    );
    const encrypted = pieces.some(({ buffer, bytesRead }) => buffer.subarray(0, bytesRead).includes(ENCRYPTED));
    throw notOurs(name, encrypted ? 'a workbook with a password' : 'a workbook of Excel 97-2003 (.xls)');
  } finally {
    await file.close();
  }
}

const SEARCHED = 1 << 20;

function notOurs(name: string, found: string): AcequiaError {
  return new AcequiaError('SourceWrongType', {
    what: `Expected an Excel workbook (.xlsx), found ${found}.`,
    where: name,
    remedy: 'open it and save it as .xlsx, without a password',
  });
}
