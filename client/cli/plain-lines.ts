import { counted, duration, size } from './figures.ts';
import type { RunSnapshot } from './run-snapshot.ts';
import { stageRows, type StageRow } from './stage-rows.ts';

/** What changed between two moments of a run, one line each: for logs, pipes and schedulers. */
export function plainLines(before: RunSnapshot | undefined, after: RunSnapshot, now: number): string[] {
  const earlier = new Map((before ? stageRows(before, now) : []).map((row) => [row.activityId, row]));
  return stageRows(after, now).flatMap((row) =>
    changes(earlier.get(row.activityId), row).map((line) => `${after.pipeline}: ${line}`),
  );
}

function changes(before: StageRow | undefined, row: StageRow): string[] {
  const lines: string[] = [];
  const started = before !== undefined && before.state !== 'waiting';
  if (row.state !== 'waiting' && !started) lines.push(`${row.label} started`);
  if (row.attempt > 1 && row.attempt !== before?.attempt) {
    lines.push(`${row.label} retrying, attempt ${row.attempt}${row.cause ? `: ${row.cause}` : ''}`);
  }
  if (row.state !== before?.state && (row.state === 'done' || row.state === 'failed')) {
    lines.push(`${row.label} ${row.state}${figures(row)}`);
  }
  return lines;
}

function figures({ rows, bytes, elapsedMs }: StageRow): string {
  const texts = [
    rows === undefined ? undefined : counted(rows, 'row'),
    bytes === undefined ? undefined : size(bytes),
    elapsedMs === undefined ? undefined : duration(elapsedMs),
  ].filter((text) => text !== undefined);
  return texts.length > 0 ? `: ${texts.join(', ')}` : '';
}
