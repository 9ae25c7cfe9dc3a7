import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AcequiaError } from '../../failure/acequia-error.ts';
import { diskError } from '../../failure/disk.ts';
import type { Landed, Landing } from '../../lake/lake.ts';
import type { Work } from '../../progress.ts';
import type { DetectedEncoding } from './decide-encoding.ts';
import { promisedByName, type Compression, type FileFormat } from '../../files/file-format.ts';
import type { FileIdentity } from '../../files/source-file.ts';
import { costsOneFile } from '../parked.ts';
import { FILE_LIMITS, type FileLimits } from './limits.ts';
import { scanFile, type ScanSettings } from './scan.ts';
import { settleFormat } from './settle-format.ts';
import { HEAD_BYTES, sniffFile } from './sniff.ts';
import { declaredXmlEncoding } from '../xml/xml-encoding.ts';
import { toUtf8 } from './to-utf8.ts';
import { unpack } from './unpack.ts';

/** Plain local bytes that a reader may trust to be what `format` says. Gone when the next is asked for. */
export interface OpenedFile {
  readonly kind: 'file';
  /** For people and `_file`: `orders.csv`, `2024/orders.csv.gz`, `archive.zip!orders.csv`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Byte of `path` at which the text begins: 3 behind a byte-order mark of UTF-8, else 0. */
  readonly textStart: number;
  readonly format: FileFormat;
  /** What the text was; it is UTF-8 now. None for Parquet and Excel. */
  readonly encoding: DetectedEncoding | undefined;
  readonly compression: Compression;
  /** The file as it came; all entries of an archive share it. */
  readonly landed: Landed;
  readonly warnings: readonly string[];
}

/** A file, or an entry of an archive, that is not read; others are. */
export interface FailedFile {
  readonly kind: 'failed';
  readonly name: string;
  /** Absent where it failed before it was landed. */
  readonly landed: Landed | undefined;
  readonly error: AcequiaError;
}

export interface OpenOptions {
  readonly work: Work;
  /** A scratch folder (`withScratchFolder`), for files that live until the next is asked for. */
  readonly folder: string;
  /** `auto`: by content and name. */
  readonly format?: FileFormat | 'auto';
  /** `auto`: by the bytes of the whole file. */
  readonly encoding?: string;
  readonly scan?: ScanSettings;
  readonly limits?: Partial<FileLimits>;
}

/**
 * Opens a file that was landed: scans it, unpacks it, settles its format, and turns text into UTF-8. Gives one file after
 * the other, several for an archive; what is wrong with one is given as failed, and never thrown, as long as it lies with
 * the file. Scratch files live until the next is asked for, or the loop ends.
 *
 * Thrown: what trying again may mend (`ScannerUnreachable`), what lies with us (`DiskFull`, `PermissionDenied`,
 * `SettingMissing`, `DefinitionInvalid`), the signal's reason.
 */
export async function* openFile(
  found: FileIdentity,
  landing: Landing,
  options: OpenOptions,
): AsyncGenerator<OpenedFile | FailedFile, void> {
  try {
    yield* openLanded(found, landing, { ...options, limits: { ...FILE_LIMITS, ...options.limits } });
  } catch (error) {
    options.work.signal.throwIfAborted();
    if (!costsOneFile(error)) throw error;
    yield { kind: 'failed', name: found.name, landed: landing.landed, error };
  }
}

type Opening = OpenOptions & { readonly limits: FileLimits };

async function* openLanded(
  found: FileIdentity,
  { landed, path }: Landing,
  options: Opening,
): AsyncGenerator<OpenedFile | FailedFile, void> {
  const { work, limits } = options;
  const told = (step: string, totalBytes?: number) => (bytes: number) =>
    work.report({ step, bytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
  const scanned = options.scan
    ? await scanFile(path, found.path, options.scan, { onBytes: told('scanning', landed.bytes), signal: work.signal })
    : [];
  const { compression } = await sniffFile(path, found.name);
  const packed = { compression, landed, warnings: scanned };
  const folder = await mkdtemp(join(options.folder, 'open-'));
  try {
    if (compression === 'none') {
      yield await openPlain({ ...packed, path, name: found.name, bytes: landed.bytes }, folder, options);
      return;
    }
    const request = { path, name: found.name, bytes: landed.bytes, folder, limits, signal: work.signal };
    for await (const item of unpack({ ...request, onBytes: told('unpacking') }, compression)) {
      if (item.kind === 'failed') yield { ...item, landed };
      else if (item.kind === 'file') yield await openOrFail({ ...packed, ...item }, folder, options);
      else packed.warnings = [...packed.warnings, leftOutWarning(item.names)];
      // Said once, with the first file.
      if (item.kind === 'file') packed.warnings = scanned;
    }
  } catch (error) {
    throw diskError(error, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface PlainFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly compression: Compression;
  readonly landed: Landed;
  readonly warnings: readonly string[];
}

/** An entry of an archive that cannot be read costs that entry. */
async function openOrFail(file: PlainFile, folder: string, options: Opening): Promise<OpenedFile | FailedFile> {
  try {
    return await openPlain(file, folder, options);
  } catch (error) {
    if (!costsOneFile(error)) throw error;
    return { kind: 'failed', name: file.name, landed: file.landed, error };
  }
}

async function openPlain(file: PlainFile, folder: string, options: Opening): Promise<OpenedFile> {
  const sniffed = await sniffFile(file.path, file.name);
  const settled = settleFormat(options.format ?? 'auto', file.name, sniffed);
  const { format } = settled;
  const warnings = [...file.warnings, ...packedWarnings(file), ...settled.warnings];
  const opened = { ...file, kind: 'file', format } as const;
  if (format === 'parquet' || format === 'excel') return { ...opened, textStart: 0, encoding: undefined, warnings };
  const { work } = options;
  const to = join(folder, 'text');
  await rm(to, { force: true });
  const text = await toUtf8({
    path: file.path,
    name: file.name,
    declared: options.encoding ?? (format === 'xml' ? await saidByXml(file.path) : undefined) ?? 'auto',
    to,
    onBytes: (bytes) => work.report({ step: 'reading its encoding', bytes, totalBytes: file.bytes }),
    signal: work.signal,
  });
  return { ...opened, ...text, warnings: [...warnings, ...encodingWarnings(text.encoding)] };
}

/** What an XML document says of itself. */
async function saidByXml(path: string): Promise<string | undefined> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return declaredXmlEncoding(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

function packedWarnings({ name, compression }: PlainFile): string[] {
  const promised = promisedByName(name).compression;
  return compression === 'none' && promised ? [`its name says ${promised}, but it is not packed`] : [];
}

function encodingWarnings({ encoding, confidence, why }: DetectedEncoding): string[] {
  return confidence === 'certain' ? [] : [`read as ${encoding}: ${why}; declare its encoding if that is wrong`];
}

function leftOutWarning(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `left out of the archive: ${names.slice(0, 3).join(', ')}${more}`;
}
