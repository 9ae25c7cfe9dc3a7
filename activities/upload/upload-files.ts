import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadedFile, UploadedFiles, UploadRequest } from '../../workflows/upload.ts';
import { diskError } from '../failure/disk.ts';
import { expectRegularFile, expectUnchanged } from '../files/found-file.ts';
import { openLake } from '../lake/lake.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { openObjects } from '../objects/open-objects.ts';
import type { Work } from '../progress.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import { sideBySide } from '../side-by-side.ts';
import { uploadables, type Uploadable } from './uploadable.ts';

/** Files that are on their way at the same time; a large one goes in several parts besides. */
const AT_A_TIME = 2;

/**
 * Sees to it that files of a run lie in a bucket: one that is there in the same bytes is left alone, by the digest that was
 * kept beside it; any other is sent. Run twice, it sends nothing the second time. Objects of the same names are replaced;
 * no others are touched.
 *
 * Errors: `SourceChanging` for a published file that somebody changes meanwhile; those of the store.
 */
export async function uploadFiles(request: UploadRequest, work: Work): Promise<UploadedFiles> {
  const lake = openLake(request.lake);
  const wanted = await uploadables(request, lake);
  const { store, key: prefix } = await openObjects(request.to);
  try {
    const uploaded = await withScratchFolder((folder) => uploadAll(wanted, { store, prefix, folder }, work));
    const { pipeline, runId } = request.run;
    const list = await lake.writeText(`reports/${pipeline}/${runId}/uploads.json`, JSON.stringify(uploaded, null, 2));
    const sent = uploaded.filter((file) => file.sent);
    return { list, files: uploaded.length, sent: sent.length, bytes: sum(sent) };
  } finally {
    store.close();
  }
}

interface Place {
  readonly store: ObjectStore;
  readonly prefix: string;
  /** For copies of files that others may change. */
  readonly folder: string;
}

async function uploadAll(wanted: readonly Uploadable[], place: Place, work: Work): Promise<UploadedFile[]> {
  const uploaded: UploadedFile[] = [];
  const soFar = wanted.map(() => 0);
  const sizes = await Promise.all(wanted.map(async ({ path }) => ({ bytes: (await stat(path)).size })));
  const totalBytes = sum(sizes);
  await sideBySide(wanted, AT_A_TIME, work.signal, async (one, index, signal) => {
    const onBytes = (bytes: number): void => {
      soFar[index] = bytes;
      work.report({ step: 'uploading', bytes: soFar.reduce((all, each) => all + each, 0), totalBytes });
    };
    const path = one.isShared ? await copyWhole(one.path, join(place.folder, String(index))) : one.path;
    uploaded[index] = await uploadOne(one.name, path, place, { onBytes, signal });
    onBytes(uploaded[index].bytes);
  });
  return uploaded;
}

async function uploadOne(
  name: string,
  path: string,
  { store, prefix }: Place,
  transfer: { readonly onBytes: (bytes: number) => void; readonly signal: AbortSignal },
): Promise<UploadedFile> {
  const key = `${prefix}${name}`;
  const { digest, bytes } = await digestOf(path, transfer.signal);
  const there = await store.find(key, transfer.signal);
  const isThere = there?.digest === digest && there.bytes === bytes;
  if (!isThere) await store.upload(path, key, transfer, undefined, digest);
  return { name, uri: `${store.root}/${key}`, bytes, digest, sent: !isThere };
}

/** What is sent must be what its digest says, also when the next load of somebody else begins meanwhile. */
async function copyWhole(path: string, to: string): Promise<string> {
  const before = await expectRegularFile(path);
  await copyFile(path, to, constants.COPYFILE_FICLONE).catch((error: unknown) => {
    throw diskError(error, to);
  });
  await expectUnchanged(path, before, before.bytes);
  return to;
}

async function digestOf(path: string, signal: AbortSignal): Promise<{ digest: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 4 << 20, signal }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { digest: hash.digest('hex'), bytes };
}

function sum(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((all, { bytes }) => all + bytes, 0);
}
