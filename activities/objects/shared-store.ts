import { openObjects } from './open-objects.ts';
import type { ObjectStore } from './object-store.ts';

/** By `s3://bucket`. */
const stores = new Map<string, Promise<ObjectStore>>();

/**
 * A bucket's store that this process opens once and keeps: finding credentials takes longer than most of what is asked.
 *
 * @param root `s3://bucket`
 */
export function sharedStore(root: string): Promise<ObjectStore> {
  const open = stores.get(root);
  if (open) return open;
  const opening = openObjects(root).then(({ store }) => store);
  stores.set(root, opening);
  // What failed is tried again by the next one.
  opening.catch(() => stores.delete(root));
  return opening;
}
