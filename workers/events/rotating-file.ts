import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { EventLogSettings } from '../../infra/settings/observation-settings.ts';

/** A file of lines. One that would become too large is put aside, and another begun. */
export type RotatingFile = NonNullable<EventLogSettings['file']>;

/** To append, and not to wait, where the path is a pipe. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
const FOR_THE_OWNER = 0o600;
const NEWLINE = 10;

/**
 * Appends a line, as several processes may. The file is opened for each: who puts it aside takes it away from nobody, and who
 * deletes it gets a new one. Written at once, as what a killed worker did last is what one wants to read.
 *
 * Throws as the file system does.
 */
export function appendLine(file: RotatingFile, line: string): void {
  if (write(file, `${line}\n`, (size) => size <= file.maxBytes)) return;
  putAside(file);
  write(file, `${line}\n`, () => true);
}

/** @param fits whether the file may become so large; one line always may */
function write({ path }: RotatingFile, text: string, fits: (size: number) => boolean): boolean {
  mkdirSync(dirname(path), { recursive: true });
  const opened = openSync(path, APPEND, FOR_THE_OWNER);
  try {
    const stat = fstatSync(opened);
    if (!stat.isFile()) throw new Error(`${path} is no file`);
    const bytes = Buffer.from(endsInsideLine(opened, stat.size) ? `\n${text}` : text);
    if (stat.size > 0 && !fits(stat.size + bytes.length)) return false;
    if (writeSync(opened, bytes) < bytes.length) throw new Error('the disk is full');
    return true;
  } finally {
    closeSync(opened);
  }
}

/** A full disk, or a machine that lost its power, has cut the last line. */
function endsInsideLine(opened: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size > 0 && readSync(opened, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}

let asides = 0;

/**
 * `events.jsonl` becomes `events.2026-01-31T10-00-00-000Z.4711-000001.jsonl`: by time, process and number, so that nothing is
 * overwritten where several processes do this at a time. Then the oldest go, if there are too many.
 */
function putAside({ path, kept }: RotatingFile): void {
  const [folder, end] = [dirname(path), extname(path)];
  const name = basename(path, end);
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const number = String((asides += 1)).padStart(6, '0');
  unlessMissing(() => renameSync(path, join(folder, `${name}.${stamp}.${process.pid}-${number}${end}`)));
  const aside = readdirSync(folder).filter(
    (one) =>
      one.startsWith(`${name}.`) &&
      one.endsWith(end) &&
      /^\d{4}-\d\d-\d\dT[\d-]+Z\.\d+-\d+$/.test(one.slice(name.length + 1, one.length - end.length)),
  );
  for (const oldest of aside.sort().slice(0, Math.max(0, aside.length - kept)))
    unlessMissing(() => rmSync(join(folder, oldest)));
}

/** Another process was faster. */
function unlessMissing(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
