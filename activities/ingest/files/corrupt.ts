import { AcequiaError } from '../../failure/acequia-error.ts';

/** The error for a container that cannot be believed: none of it is used. */
export function sourceCorrupt(name: string, what: string, why: string, cause?: unknown): AcequiaError {
  return new AcequiaError('SourceCorrupt', {
    what,
    where: name,
    why,
    remedy: 'it may have been cut off or changed on the way: fetch or export it again; nothing of it was read',
    ...(cause === undefined ? {} : { cause }),
  });
}
