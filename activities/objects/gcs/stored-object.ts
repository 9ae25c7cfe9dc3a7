import type { File } from '@google-cloud/storage';
import { digestIn } from '../digest-label.ts';
import type { StoredObject } from '../object-store.ts';

/**
 * What the SDK knows of an object. Its version is the generation, which changes with the bytes, and the metageneration, which
 * changes when it is touched as well. It counts as written when it was touched last, which its custom time says.
 */
export function storedObject({ name, metadata }: File): StoredObject {
  const { generation = '', metageneration = '', size = 0, updated, customTime, metadata: labels } = metadata;
  return {
    key: name,
    version: `${generation}.${metageneration}`,
    bytes: Number(size),
    writtenMs: Math.max(milliseconds(updated), milliseconds(customTime)),
    ...digestIn(labels),
  };
}

function milliseconds(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time);
}

/** The generation in a version: that of the bytes. */
export function generationOf(version: string): string {
  return version.split('.')[0] ?? '';
}

/** What a version says, as conditions of a request: that neither the bytes nor the time were changed. */
export function unchangedSince(version: string): { ifGenerationMatch: string; ifMetagenerationMatch: string } {
  const [ifGenerationMatch = '', ifMetagenerationMatch = ''] = version.split('.');
  return { ifGenerationMatch, ifMetagenerationMatch };
}
