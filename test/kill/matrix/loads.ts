import type { TablePlan } from '../../../workflows/definition/index.ts';
import type { StagedTable } from '../../../workflows/stages.ts';
import { table } from '../../activities/publish/destinations.ts';
import type { Way } from '../../activities/publish/ways.ts';
import { stage } from '../../support/staged.ts';

/** The tables of a run, the larger one last, with how many rows they have. */
const ROWS = { customers: 600, orders: 3_000 } as const;

export type TableName = keyof typeof ROWS;

export function tablesOf(
  names: readonly TableName[],
  { mode, missing }: Way,
  partitionBy: readonly string[],
): TablePlan[] {
  return names.map((name) =>
    table(mode, {
      name,
      key: mode === 'append' ? [] : ['id'],
      ...(missing ? { missing } : {}),
      ...(partitionBy.length > 0 ? { partitionBy } : {}),
    }),
  );
}

/** Three loads one after another, as they are staged. */
export interface Loads {
  readonly first: readonly StagedTable[];
  readonly second: readonly StagedTable[];
  readonly third: readonly StagedTable[];
}

/** Each load adds rows; but where rows are only appended it also changes some, lacks some, and leaves most as they were. */
export async function stageLoads(folder: string, names: readonly TableName[], { mode }: Way): Promise<Loads> {
  const load = (number: number): Promise<StagedTable[]> =>
    Promise.all(names.map((name) => stage(folder, name, rowsOf(ROWS[name], number, mode === 'append'))));
  return { first: await load(0), second: await load(1), third: await load(2) };
}

/** Days: one for rows that are gone with the next load, four for those that stay, of which two do not change, one for new ones. */
function rowsOf(rows: number, load: number, isAppended: boolean): string {
  const step = rows / 50;
  const [from, to] = isAppended
    ? [load === 0 ? 0 : rows + (load - 1) * step, rows + load * step]
    : [load * step, rows + load * step];
  return `
    SELECT i::BIGINT AS id,
           CASE WHEN i < ${rows} THEN CASE WHEN i < ${2 * step} THEN DATE '2025-01-01' + (i // ${step})::INTEGER ELSE DATE '2025-02-01' + (i % 4)::INTEGER END
                ELSE DATE '2025-03-01' + (i // ${step})::INTEGER END AS day,
           'row ' || i || CASE WHEN i % 4 < 2 AND i % 3 = 0 THEN ' of ${load}' ELSE '' END AS name,
           (i * 1.25)::DECIMAL(12,2) AS price,
           CASE WHEN i % 7 > 0 THEN TIMESTAMP '2025-01-01 00:00:00' + to_seconds(i) END AS at
    FROM range(${from}, ${to}) AS t(i)`;
}
