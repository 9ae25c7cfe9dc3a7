import type { ObjectStore } from './object-store.ts';
import { parseObjectUrl, type ObjectScheme } from './object-url.ts';

/** Loaded when one is opened: a vendor's SDK takes longer to load than most commands run. */
const VENDORS: Readonly<Record<ObjectScheme, () => Promise<(bucket: string) => ObjectStore>>> = {
  s3: async () => (await import('./s3/store.ts')).openS3,
  gs: async () => (await import('./gcs/store.ts')).openGcs,
};

/**
 * The store that `s3://bucket/key` or `gs://bucket/key` lies in, and the key as the bucket has it. To be closed. Credentials,
 * region and endpoint are found by the vendor's SDK, in its own order of places.
 */
export async function openObjects(url: string): Promise<{ readonly store: ObjectStore; readonly key: string }> {
  const { scheme, bucket, key } = parseObjectUrl(url);
  const open = await VENDORS[scheme]();
  return { store: open(bucket), key };
}
