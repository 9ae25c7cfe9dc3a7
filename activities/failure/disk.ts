import { AcequiaError } from './acequia-error.ts';

/** Gives errors of the file system their words for people; anything else comes back as it was. */
export function diskError(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    /no space left on device|database or disk is full/i.test(messageOf(error))
  ) {
    return new AcequiaError('DiskFull', {
      what: 'The disk is full.',
      where: path,
      why: 'Nothing half-written was kept; what the run had finished is reused.',
      remedy: 'free some space, then run the same command again',
      cause: error,
    });
  }
  if (code === 'EFBIG' || /file too large/i.test(messageOf(error))) {
    return new AcequiaError('DiskFull', {
      what: 'A file would become larger than this process or its file system may write.',
      where: path,
      why: 'Nothing half-written was kept; what the run had finished is reused.',
      remedy:
        'raise the limit (`ulimit -f`, LimitFSIZE of a systemd unit) or choose another file system, then run the same command again',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AcequiaError('PermissionDenied', {
      what: code === 'EROFS' ? 'The file system is read-only.' : 'Permission denied.',
      where: path,
      remedy: 'give the user who runs this the right to read and write there, or choose another place',
      cause: error,
    });
  }
  if (code !== undefined && IN_THE_WAY.includes(code)) {
    return new AcequiaError('PlaceUnusable', {
      what: 'Nothing can be written there: a file stands where a folder is needed, or a folder where a file is.',
      where: path,
      remedy: 'move it away, or choose another place (ACEQUIA_HOME, ACEQUIA_LAKE, ACEQUIA_OUT)',
      cause: error,
    });
  }
  return error;
}

const IN_THE_WAY: readonly string[] = ['ENOTDIR', 'EEXIST', 'EISDIR', 'ELOOP', 'ENAMETOOLONG'];

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
