import type { StageProgress } from '../../workflows/progress.ts';
import type { ReceiptStep } from '../../workflows/receipt.ts';
import type { ReceiptRequest, StagedTable } from '../../workflows/stages.ts';
import type { GivenTables } from './given-tables.ts';

/** What was done, when, and how many rows went in and came out of it. */
export function compileSteps(request: ReceiptRequest, given: GivenTables): ReceiptStep[] {
  return (request.steps ?? []).map((step) => {
    const { stage, slice = null, state, startedAt = request.finishedAt, finishedAt = request.finishedAt } = step;
    return {
      name: stage,
      slice,
      state: state === 'done' ? 'done' : 'failed',
      startedAt,
      finishedAt,
      durationMs: Date.parse(finishedAt) - Date.parse(startedAt),
      ...rowsThrough(step, request, given),
    };
  });
}

type Through = Pick<ReceiptStep, 'rowsIn' | 'rowsOut'>;

/** By the counts of the account itself, not by what was shown on the way. */
function rowsThrough(
  { stage, slice = '', state }: StageProgress,
  request: ReceiptRequest,
  given: GivenTables,
): Through {
  const { sources, transformed, published } = request;
  const ofDone = (rows: number): number | null => (state === 'done' ? rows : null);
  switch (stage) {
    case 'snapshot': {
      const read = sources.flatMap(({ uri, counted }) => (uri.startsWith(`${slice}/`) ? [counted ?? 0] : []));
      return { rowsIn: null, rowsOut: ofDone(read.reduce((sum, rows) => sum + rows, 0)) };
    }
    case 'ingest': {
      const source = sources.find(({ name }) => name === slice);
      return { rowsIn: source?.read ?? null, rowsOut: source?.staged ?? null };
    }
    case 'transform':
      return { rowsIn: total(sources.flatMap(({ tables }) => tables)), rowsOut: ofDone(total(transformed)) };
    case 'publish': {
      const taken = [...(given.get(slice)?.values() ?? [])].map(({ made }) => made);
      const loads = published.filter(({ destination }) => destination === slice);
      return { rowsIn: total(taken), rowsOut: ofDone(total(loads)) };
    }
    default:
      return { rowsIn: null, rowsOut: null };
  }
}

function total(tables: readonly Pick<StagedTable, 'rows'>[]): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}
