import { Transform } from 'node:stream';

/** Passes bytes on, counts them, and fails with `tooMany` as soon as there are more than `allowed`. */
export function counted(allowed: number, onBytes: (bytes: number) => void, tooMany: () => Error): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > allowed) done(tooMany());
      else {
        onBytes(bytes);
        done(null, chunk);
      }
    },
  });
}
