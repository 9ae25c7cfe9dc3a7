import type { TablePlan } from '../../workflows/definition/index.ts';
import { publishedTables } from '../../workflows/published-tables.ts';
import type { ReceiptRequest, StagedTable } from '../../workflows/stages.ts';

/** A table as a destination was given it. */
export interface GivenTable {
  readonly made: StagedTable;
  readonly plan: TablePlan;
}

/** Destination → name of the table → what it was given, as the workflow gives it. */
export type GivenTables = ReadonlyMap<string, ReadonlyMap<string, GivenTable>>;

export function givenTables({ plan, sources, transformed }: ReceiptRequest): GivenTables {
  return new Map(
    (plan?.destinations ?? []).map((planned) => {
      const { destination, tables } = publishedTables(planned, sources, transformed);
      const plans = new Map(destination.tables.map((plan) => [plan.name, plan]));
      return [
        planned.name,
        new Map(
          tables.flatMap((made) => {
            const plan = plans.get(made.name);
            return plan ? [[made.name, { made, plan }] as const] : [];
          }),
        ),
      ];
    }),
  );
}
