import { sortNames } from '../files/match-names.ts';
import { MAGIC } from '../files/source-pattern.ts';
import type { ObjectStore, StoredObject } from '../objects/object-store.ts';

/** Objects that are looked at together. */
const CHUNK = 1_000;

/**
 * Objects of a bucket whose keys begin with a prefix, or are covered by a glob (`in/2026-*.json`); in chunks. Left out are
 * those that programs keep for work in progress (`_…`, hidden names, `….part`), and the empty ones that stand for folders.
 */
export async function* listObjects(
  store: ObjectStore,
  written: string,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredObject[], void> {
  const glob = written.search(MAGIC);
  const prefix = glob < 0 ? written : written.slice(0, glob);
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const pattern = glob < 0 ? '.' : written.slice(folder.length);
  let chunk: StoredObject[] = [];
  const take = async (): Promise<StoredObject[]> => {
    const nameOf = ({ key }: StoredObject): string => asPath(key.slice(folder.length));
    const { taken } = await sortNames(pattern, [...new Set(chunk.map(nameOf))]);
    const names = new Set(taken);
    return chunk.filter((object) => names.has(nameOf(object)));
  };
  for await (const object of store.list(prefix, signal)) {
    if (object.bytes === 0 && object.key.endsWith('/')) continue;
    chunk.push(object);
    if (chunk.length < CHUNK) continue;
    yield await take();
    chunk = [];
  }
  if (chunk.length > 0) yield await take();
}

/** Keys need be no paths: a part that would mean something in one stands for any name, so that it is not passed over. */
function asPath(key: string): string {
  const parts = key.split('/');
  return parts.map((part) => (['', '.', '..'].includes(part) ? '-' : part)).join('/');
}
