import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { AcequiaError } from '../../../failure/acequia-error.ts';
import { asItWas, transferIn, urlOf, type BucketFolder } from './bucket-folder.ts';
import { holdsSame, type Content } from './same-bytes.ts';

/**
 * What a publication of several files does, written down while it is carried out. It is a lock, too: there is one note below
 * a prefix. All names are those below the prefix.
 */
export interface Note {
  readonly moves: readonly NotedMove[];
  readonly removes: readonly { readonly name: string; readonly version: string }[];
}

export interface NotedMove extends Content {
  /** Where the bytes are, until the note is gone. */
  readonly aside: string;
  readonly to: string;
  /** The version that is replaced; `null` where nothing is. */
  readonly was: string | null;
}

const NOTE = '.acequia-commit.json';
const ASIDES = '.acequia';

/** Names below which a publication puts its files aside. */
export function newAsides(owner: string): string {
  return `${ASIDES}/${owner}/${randomUUID()}`;
}

/** Writes the note. `undefined` where there is one of somebody else. */
export async function writeNote({ store, prefix, signal }: BucketFolder, note: Note): Promise<string | undefined> {
  const written = await store.write(prefix + NOTE, JSON.stringify(note), signal, 'absent');
  return written?.version;
}

/** Finishes the publication that was noted and not carried out. Whoever noted it may be at it still: both do the same. */
export async function finishNote(bucket: BucketFolder): Promise<void> {
  const { store, prefix, signal, folder } = bucket;
  const found = await store.read(prefix + NOTE, signal);
  if (!found) return;
  const note = parseNote(bucket, found.text);
  await performNote(bucket, note, async ({ aside }) => {
    const object = await store.find(prefix + aside, signal);
    if (!object) return undefined;
    const path = join(folder, `.${randomUUID()}.part`);
    await store.download(object, path, transferIn(bucket));
    return path;
  });
  await removeNote(bucket, note, found.version);
}

/**
 * Does what a note says. Every step may have been done before, by whoever noted it or whoever finished it.
 *
 * @param bytesOf local path of what goes to a place; `undefined` where whoever finished the note has removed it already
 * @returns a file that somebody else has changed, who publishes one file and asks for no note; it stays as it is
 */
export async function performNote(
  bucket: BucketFolder,
  { moves, removes }: Note,
  bytesOf: (move: NotedMove) => Promise<string | undefined>,
  tell: (step: string) => void = () => undefined,
): Promise<string | undefined> {
  const { store, prefix, signal } = bucket;
  let changed: string | undefined;
  for (const [index, move] of moves.entries()) {
    if (!(await putInPlace(bucket, move, bytesOf)) && !(await holdsSame(bucket, move.to, move))) changed ??= move.to;
    tell(`file ${index + 1} of ${moves.length} in its place`);
  }
  for (const [index, { name, version }] of removes.entries()) {
    await store.remove(prefix + name, signal, version);
    tell(`old file ${index + 1} of ${removes.length} removed`);
  }
  return changed;
}

async function putInPlace(
  bucket: BucketFolder,
  move: NotedMove,
  bytesOf: (move: NotedMove) => Promise<string | undefined>,
): Promise<boolean> {
  const { store, prefix, signal } = bucket;
  const there = await store.find(prefix + move.to, signal);
  if ((there?.version ?? null) !== move.was) return false;
  const path = await bytesOf(move);
  if (path === undefined) return false;
  return (await store.upload(path, prefix + move.to, transferIn(bucket), asItWas(move.was))) !== undefined;
}

/** The note goes first: what is left without one is removed by the next publication of its owner. */
export async function removeNote(bucket: BucketFolder, note: Note, version: string): Promise<void> {
  const { store, prefix, signal } = bucket;
  await store.remove(prefix + NOTE, signal, version);
  await removeAsides(bucket, note);
}

export async function removeAsides({ store, prefix, signal }: BucketFolder, { moves }: Note): Promise<void> {
  for (const { aside } of moves) await store.remove(prefix + aside, signal);
}

/** Removes what killed publications of a workflow have put aside, and not noted. */
export async function removeLeftovers({ store, prefix, signal }: BucketFolder, owner: string): Promise<void> {
  for await (const { key } of store.list(`${prefix}${ASIDES}/${owner}/`, signal)) await store.remove(key, signal);
}

function parseNote(bucket: BucketFolder, text: string): Note {
  try {
    const { moves, removes } = JSON.parse(text) as Note;
    const isNamed = (name: unknown): boolean => typeof name === 'string' && !name.split('/').includes('..');
    if ([...moves.flatMap(({ aside, to }) => [aside, to]), ...removes.map(({ name }) => name)].every(isNamed))
      return { moves, removes };
  } catch {
    // Told below: it was written whole, so that somebody else has changed it since.
  }
  throw new AcequiaError('DestinationNotOurs', {
    what: 'The note of a publication that was cut off cannot be read.',
    where: urlOf(bucket, NOTE),
    why: 'It says which files go where, and somebody has changed it.',
    remedy: 'move it away; the next run publishes anew',
  });
}
