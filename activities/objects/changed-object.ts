import { AcequiaError } from '../failure/acequia-error.ts';

/** Another object has taken the place of the one that was meant. */
export function objectChanged(where: string): AcequiaError {
  return new AcequiaError('SourceChanging', {
    what: 'The object changed while it was read.',
    where,
    why: 'another version has taken its place since it was listed',
    remedy: 'a run tries again by itself; if this goes on, wait until whoever writes it is done',
  });
}

/** The object that was meant is gone. */
export function objectGone(where: string): AcequiaError {
  return new AcequiaError('SourceMissing', {
    what: 'The object is not there any more.',
    where,
    remedy: 'run the same command again: it takes what is there then',
  });
}

/** The bytes that came are not those that the store has. */
export function objectTorn(where: string): AcequiaError {
  return new AcequiaError('BucketUnreachable', {
    what: 'The bytes that arrived are not those of the object: their checksum is another.',
    where,
    remedy: 'a run tries again by itself; if this goes on, look at what lies between this machine and the store',
  });
}
