import { statfsSync } from 'node:fs';

/** Why a server did not start, or did not stay up. */
export class ServerFailure extends Error {
  override readonly name = 'ServerFailure';
  /** A port was taken by somebody else, or the one before it is still on its way out: worth trying again. */
  readonly passing: 'port taken' | 'predecessor ending' | undefined;

  constructor(message: string, options: { passing?: 'port taken' | 'predecessor ending' } = {}) {
    super(message);
    this.passing = options.passing;
  }
}

/** Whether the disk that a folder lies on is as good as full. */
export function diskIsFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < 1_000_000;
  } catch {
    return false;
  }
}
