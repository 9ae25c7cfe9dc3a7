import { getFileNameLowLevel, type Entry } from 'yauzl';

/** An entry's path: as UTF-8 where its bytes are that, whatever its flag says; else as old DOS programs wrote it. */
export function entryPath(entry: Entry): string {
  const unicode = entry.extraFields.some((field) => field.id === 0x7075);
  if (!unicode) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(entry.fileNameRaw);
    } catch {
      // Not UTF-8.
    }
  }
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

/** What is wrong with an entry's path, or nothing. Nothing is ever written at such a path; who makes one means harm. */
export function pathProblem(path: string, pathBytes: number): string | undefined {
  if (path === '') return 'an entry has no name';
  if (Buffer.byteLength(path) > pathBytes) return `the path of an entry has more than ${pathBytes} bytes`;
  if (hasControl(path)) return 'the path of an entry has control characters';
  const shown = JSON.stringify(path);
  if (path.includes('\\')) return `the entry ${shown} has a backslash in its path`;
  if (path.startsWith('/')) return `the entry ${shown} has an absolute path`;
  if (/^[a-z]:/i.test(path)) return `the entry ${shown} names a drive`;
  const segments = path.replace(/\/$/, '').split('/');
  return segments.some((segment) => segment === '..' || segment === '.' || segment === '')
    ? `the entry ${shown} leads elsewhere`
    : undefined;
}

function hasControl(path: string): boolean {
  for (let i = 0; i < path.length; i += 1) if (path.charCodeAt(i) < 32 || path.charCodeAt(i) === 127) return true;
  return false;
}

/** Names that archivers and systems add and nobody means: hidden ones, `__MACOSX/`, `_…`, `….part`. */
export function isAside(path: string): boolean {
  return (
    path.endsWith('.part') || path.split('/').some((segment) => segment.startsWith('.') || segment.startsWith('_'))
  );
}
