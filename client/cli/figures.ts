import prettyBytes from 'pretty-bytes';
import prettyMilliseconds from 'pretty-ms';

/** Figures as people read them, the same on every screen. */

export function count(rows: number): string {
  return rows.toLocaleString('en-US');
}

/** `1 row`, `5,500 rows` */
export function counted(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

export function size(bytes: number): string {
  return prettyBytes(bytes);
}

/** `0.4 s`, `12 s`, `3m 10s` */
export function duration(ms: number): string {
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
    : prettyMilliseconds(ms, { secondsDecimalDigits: 0 });
}

/** Rows (or bytes) a second; nothing for what was over at once. */
export function rate(rows: number | undefined, bytes: number | undefined, ms: number | undefined): string | undefined {
  if (ms === undefined || ms < 100) return undefined;
  if (rows) return `${count(Math.round((rows * 1_000) / ms))} rows/s`;
  if (bytes) return `${size((bytes * 1_000) / ms)}/s`;
  return undefined;
}
