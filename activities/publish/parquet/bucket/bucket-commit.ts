import { stat } from 'node:fs/promises';
import type { Commit } from '../commit.ts';
import { asItWas, changedMeanwhile, nameIn, transferIn, versionOf, type BucketFolder } from './bucket-folder.ts';
import { newAsides, performNote, removeAsides, removeNote, writeNote, type Note } from './bucket-note.ts';
import { digestOf, holdsSame, type Content } from './same-bytes.ts';

/**
 * Carries out commits in a bucket. One file that goes into its place, its ledger with it, is one conditional write. Several
 * are put aside, noted, and then written to their places, one after the other; whoever publishes there next finishes what a
 * kill has left.
 */
export async function carryOutInBucket(
  bucket: BucketFolder,
  commits: readonly Commit[],
  owner: string,
  tell: (step: string) => void,
): Promise<void> {
  const [only, ...more] = commits.filter(({ moves, removes }) => moves.length + removes.length > 0);
  if (only?.inOneStep && more.length === 0)
    for (const { from, to } of only.moves) await putInPlace(bucket, from, nameIn(bucket, to));
  else if (only) await carryOutNoted(bucket, await noteOn(bucket, [only, ...more], newAsides(owner)), tell);
  tell('everything in its place');
}

/** One step: with the file its rows and its ledger are there. */
async function putInPlace(bucket: BucketFolder, path: string, name: string): Promise<void> {
  const { store, prefix } = bucket;
  const written = await store.upload(path, prefix + name, transferIn(bucket), asItWas(versionOf(bucket, name)));
  // A write whose answer was lost on the way is tried again by the client, and then meets itself.
  if (!written && !(await holdsSame(bucket, name, await contentOf(path)))) throw changedMeanwhile(bucket, name);
}

interface Noted {
  readonly note: Note;
  /** Local files by the names of their asides. */
  readonly files: ReadonlyMap<string, string>;
}

async function noteOn(bucket: BucketFolder, commits: readonly Commit[], asides: string): Promise<Noted> {
  const files = new Map<string, string>();
  const moves: Note['moves'][number][] = [];
  for (const { from, to } of commits.flatMap((commit) => commit.moves)) {
    const [aside, name] = [`${asides}/${files.size}.part`, nameIn(bucket, to)];
    files.set(aside, from);
    moves.push({ aside, to: name, was: versionOf(bucket, name), ...(await contentOf(from)) });
  }
  const removed = commits.flatMap(({ removes }) => removes.map((path) => nameIn(bucket, path)));
  const removes = removed.map((name) => ({ name, version: versionOf(bucket, name) ?? '' }));
  return { note: { moves, removes }, files };
}

async function carryOutNoted(
  bucket: BucketFolder,
  { note, files }: Noted,
  tell: (step: string) => void,
): Promise<void> {
  const { store, prefix } = bucket;
  for (const [aside, path] of files) await store.upload(path, prefix + aside, transferIn(bucket));
  tell('everything aside');
  const version = await writeNote(bucket, note);
  if (version === undefined) {
    await removeAsides(bucket, note);
    throw changedMeanwhile(bucket, '');
  }
  // Whoever published between the fetching and the note has changed what this load was held against.
  const early = await firstChanged(bucket, note);
  if (early === undefined) tell('noted what goes where');
  const late =
    early === undefined
      ? await performNote(bucket, note, ({ aside }) => Promise.resolve(files.get(aside)), tell)
      : undefined;
  await removeNote(bucket, note, version);
  const changed = early ?? late;
  if (changed !== undefined) throw changedMeanwhile(bucket, changed);
}

async function firstChanged({ store, prefix, signal }: BucketFolder, note: Note): Promise<string | undefined> {
  const expected = [...note.moves.map(({ to, was }) => ({ name: to, version: was })), ...note.removes];
  for (const { name, version } of expected) {
    const there = await store.find(prefix + name, signal);
    if ((there?.version ?? null) !== version) return name;
  }
  return undefined;
}

async function contentOf(path: string): Promise<Content> {
  return { bytes: (await stat(path)).size, digest: await digestOf(path) };
}
