import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';
import type { ObjectStore, StoredObject } from '../objects/object-store.ts';
import { openObjects } from '../objects/open-objects.ts';
import { BucketFile } from './bucket-file.ts';
import { sourceEmpty } from './found-file.ts';
import { sortNames } from './match-names.ts';
import { byName, type FoundFiles, type RefusedFile } from './source-file.ts';
import { MAGIC } from './source-pattern.ts';

/** What a pattern means in a bucket: one object, or those below a prefix that a path relative to it covers. */
type Meaning = { readonly object: StoredObject } | { readonly prefix: string; readonly path: string };

/** Names that are shown of what is there. */
const MOST_SHOWN = 3;
const MOST_NEIGHBOURS = 1000;

/**
 * Finds the objects that `s3://bucket/…` or `gs://bucket/…` names: one object, a prefix that stands for a folder, or a glob;
 * by the same rules as files of this machine. What exists as it is written is that object, glob characters or not.
 * An object of no bytes whose name ends in `/` stands for a folder, and is none of its files.
 *
 * @param root what names start from, where it is a place in the same bucket; else the folder of the pattern's fixed part
 * Errors: those of the store; `SourceMissing` when there is nothing at all. What is wrong with one object stands in `refused`:
 * `SourceEmpty`, `SourceRefused` (a name that is no path below its folder).
 */
export async function findObjects(
  pattern: string,
  { root, signal }: { readonly root?: string; readonly signal: AbortSignal },
): Promise<FoundFiles> {
  const { store, key } = await openObjects(pattern);
  try {
    const meaning = await meaningOf(store, key, signal);
    const listed = 'object' in meaning ? [meaning.object] : await below(store, meaning.prefix, signal);
    const prefix = 'object' in meaning ? key.slice(0, key.lastIndexOf('/') + 1) : meaning.prefix;
    const start = root?.startsWith(`${store.root}/`) ? asFolder(root.slice(store.root.length + 1)) : prefix;
    const nameOf = (object: StoredObject): string =>
      object.key.startsWith(start) ? object.key.slice(start.length) : object.key;
    const { taken, leftOut } = 'object' in meaning ? { taken: listed, leftOut: [] } : await sort(listed, meaning);
    const files: BucketFile[] = [];
    const refused: RefusedFile[] = [];
    for (const object of taken) {
      const name = nameOf(object);
      const path = `${store.root}/${object.key}`;
      const error = problemOf(object, path, 'object' in meaning ? '' : object.key.slice(prefix.length));
      if (error) refused.push({ path, name, error });
      else files.push(new BucketFile(store, object, name));
    }
    if (taken.length === 0) throw nothingFound(pattern, `${store.root}/${prefix}`, listed, prefix, leftOut.map(nameOf));
    return {
      root: `${store.root}/${start}`,
      files: files.sort(byName),
      refused: refused.sort(byName),
      leftOut: leftOut.map(nameOf).sort(),
      close: () => store.close(),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

async function meaningOf(store: ObjectStore, key: string, signal: AbortSignal): Promise<Meaning> {
  if (key === '' || key.endsWith('/')) return { prefix: key, path: '.' };
  const object = await store.find(key, signal);
  if (object) return { object };
  if (await isFolder(store, key, signal)) return { prefix: `${key}/`, path: '.' };
  if (!MAGIC.test(key)) throw await missing(store, key, signal);
  const segments = key.split('/');
  let fixed = 0;
  for (; fixed < segments.length - 1; fixed += 1) {
    const folder = segments.slice(0, fixed + 1).join('/');
    if (MAGIC.test(segments[fixed]!) && !(await isFolder(store, folder, signal))) break;
  }
  return { prefix: asFolder(segments.slice(0, fixed).join('/')), path: segments.slice(fixed).join('/') };
}

function asFolder(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

async function isFolder(store: ObjectStore, key: string, signal: AbortSignal): Promise<boolean> {
  for await (const _first of store.list(`${key}/`, signal)) return true;
  return false;
}

async function below(store: ObjectStore, prefix: string, signal: AbortSignal): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const object of store.list(prefix, signal)) {
    if (!(object.bytes === 0 && object.key.endsWith('/'))) objects.push(object);
  }
  return objects;
}

/** Segments that mean something else in a path than a name. */
const NO_NAMES: readonly string[] = ['', '.', '..'];

/** What a path covers. A name that is no path is matched by one that is, so that it is refused and not passed over. */
async function sort(
  objects: readonly StoredObject[],
  { prefix, path }: { readonly prefix: string; readonly path: string },
): Promise<{ readonly taken: readonly StoredObject[]; readonly leftOut: readonly StoredObject[] }> {
  const asPath = ({ key }: StoredObject): string =>
    key
      .slice(prefix.length)
      .split('/')
      .map((segment) => (NO_NAMES.includes(segment) ? '-' : segment))
      .join('/');
  const { taken, leftOut } = await sortNames(path, [...new Set(objects.map(asPath))]);
  const [take, leave] = [new Set(taken), new Set(leftOut)];
  return {
    taken: objects.filter((object) => take.has(asPath(object))),
    leftOut: objects.filter((object) => leave.has(asPath(object))),
  };
}

function problemOf({ bytes }: StoredObject, where: string, relative: string): AcequiaError | undefined {
  if (relative !== '' && relative.split('/').some((segment) => NO_NAMES.includes(segment))) {
    return new AcequiaError('SourceRefused', {
      what: 'The name of the object is no path below its folder: a part of it is empty, `.` or `..`.',
      where,
      remedy: 'give it another name; or name this one object itself as the source',
    });
  }
  return bytes === 0 ? sourceEmpty(where, 'The object is empty: 0 bytes.') : undefined;
}

async function missing(store: ObjectStore, key: string, signal: AbortSignal): Promise<AcequiaError> {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const neighbours = new Set<string>();
  for await (const object of store.list(folder, signal)) {
    neighbours.add(firstOf(object.key, folder));
    if (neighbours.size >= MOST_NEIGHBOURS) break;
  }
  const name = key.slice(folder.length);
  return new AcequiaError('SourceMissing', {
    what: `The object ${name} does not exist.${closest(name, [...neighbours])}`,
    where: `${store.root}/${key}`,
    why: `${store.root}/${folder} holds ${some([...neighbours])}.`,
    remedy: 'put the object there, or mend the path of the source',
  });
}

function nothingFound(
  written: string,
  folder: string,
  listed: readonly StoredObject[],
  prefix: string,
  leftOut: readonly string[],
): AcequiaError {
  const visible = [...new Set(listed.map(({ key }) => firstOf(key, prefix)))];
  const last = written.slice(written.lastIndexOf('/') + 1);
  const aside = leftOut.length > 0 ? ` Left out: ${leftOut.slice(0, MOST_SHOWN).join(', ')}.` : '';
  return new AcequiaError('SourceMissing', {
    what: MAGIC.test(last)
      ? `No object matches ${last}.${closest(last, visible)}`
      : 'There are no objects to read below that prefix.',
    where: written,
    why: `${folder} holds ${some(visible)}.${aside}`,
    remedy: 'put files there, or mend the path of the source',
  });
}

/** The first part of a key behind a prefix. */
function firstOf(key: string, prefix: string): string {
  return key.slice(prefix.length).split('/')[0] ?? '';
}

function some(names: readonly string[]): string {
  const visible = names.filter((name) => name !== '' && !name.startsWith('.')).sort();
  if (visible.length === 0) return 'nothing';
  const shown = visible.slice(0, MOST_SHOWN).map((name) => `"${name}"`);
  return `${shown.join(', ')}${visible.length > MOST_SHOWN ? ', …' : ''}`;
}
