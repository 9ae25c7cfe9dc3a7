import type { Colors } from 'picocolors/types.js';
import { count, duration, rate, size } from './figures.ts';
import type { RunSnapshot } from './run-snapshot.ts';
import { stageRows, type StageRow } from './stage-rows.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;

/** How a live region is drawn. */
export interface Canvas {
  readonly colors: Colors;
  /** Counts up with every drawing; turns the spinner. */
  readonly frame: number;
  readonly columns: number;
}

/** The live region: one line a run, one line a stage, one more under a stage that is being tried again. */
export function liveLines(snapshots: readonly RunSnapshot[], now: number, canvas: Canvas): string[] {
  return snapshots.flatMap((snapshot) => {
    const rows = stageRows(snapshot, now);
    const width = Math.max(0, ...rows.map(({ label }) => label.length));
    const head = `${canvas.colors.bold(snapshot.pipeline)}  ${duration(Math.max(0, now - snapshot.startedAt))}`;
    return [head, ...rows.flatMap((row) => rowLines(row, width, canvas))];
  });
}

function rowLines(row: StageRow, width: number, canvas: Canvas): string[] {
  const { colors } = canvas;
  const figures = [
    row.rows === undefined ? undefined : `${count(row.rows)} rows`,
    bytesText(row),
    rate(row.rows, row.bytes, row.elapsedMs),
    row.elapsedMs === undefined ? undefined : duration(row.elapsedMs),
    row.state === 'running' ? row.step : undefined,
  ].filter((text) => text !== undefined);
  const line = `  ${sign(row, canvas)} ${row.label.padEnd(width)}  ${figures.join(' · ')}`.trimEnd();
  if (row.state !== 'retrying') return [row.state === 'waiting' ? colors.dim(line) : line];
  const cause = `      attempt ${row.attempt}: ${row.cause ?? 'the one before did not end'}`;
  return [line, colors.yellow(cause.slice(0, canvas.columns - 1))];
}

/** A word beside every colour: the sign alone would say nothing to a screen reader. */
function sign({ state }: StageRow, { colors, frame }: Canvas): string {
  switch (state) {
    case 'done':
      return colors.green('✓ done    ');
    case 'failed':
      return colors.red('✗ failed  ');
    case 'running':
      return colors.cyan(`${FRAMES[frame % FRAMES.length] ?? '⠋'} running `);
    case 'retrying':
      return colors.yellow(`${FRAMES[frame % FRAMES.length] ?? '⠋'} retrying`);
    case 'waiting':
      return '· waiting ';
  }
}

function bytesText({ bytes, totalBytes }: StageRow): string | undefined {
  if (bytes === undefined) return undefined;
  return totalBytes === undefined || totalBytes === bytes ? size(bytes) : `${size(bytes)} of ${size(totalBytes)}`;
}
