import type { StageProgress } from './progress.ts';

const SIGNS = { waiting: '·', running: '▶', done: '✓', failed: '✗' } as const;

/** The run so far as a Markdown table, for the run's details in the Web UI. */
export function progressTable(stages: readonly StageProgress[]): string {
  const rows = stages.map(({ stage, slice, state, rows: count }) =>
    row([`${SIGNS[state]} ${state}`, stage, slice ?? '', count === undefined ? '' : count.toLocaleString('en-US')]),
  );
  return [row(['state', 'stage', 'of', 'rows']), row(['---', '---', '---', '---:']), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
