import { contractTables, type CheckPlan, type DestinationPlan, type ModelPlan, type Plan } from './definition/index.ts';
import { stagedName } from './published-tables.ts';

/** What a run still does when some of its sources could not be read. */
export interface Remaining {
  readonly models: readonly ModelPlan[];
  readonly checks: readonly CheckPlan[];
  readonly destinations: readonly DestinationPlan[];
}

/**
 * Leaves out every table that a failed source goes into, whatever way, and the checks that look at one.
 *
 * @param failed names of sources
 */
export function withoutFailed(
  { sources, models, checks, destinations }: Pick<Plan, 'sources' | 'models' | 'checks' | 'destinations'>,
  failed: readonly string[],
): Remaining {
  if (failed.length === 0) return { models, checks, destinations };
  const lost = new Set(
    sources
      .filter(({ name }) => failed.includes(name))
      .flatMap((source) => contractTables(source).map(({ name }) => name)),
  );
  const isStagedOf = (table: string): boolean => lost.has(table);
  const gone = new Set<string>();
  const isGone = (input: string): boolean =>
    gone.has(input) || (input.startsWith('source.') && isStagedOf(input.slice('source.'.length)));
  // In their order every model comes behind those that it reads.
  for (const { name, inputs } of models) if (inputs.some(isGone)) gone.add(name);
  for (const { tables } of destinations)
    for (const table of tables) if (table.from === 'source' && isStagedOf(stagedName(table))) gone.add(table.name);
  return {
    models: models.filter(({ name }) => !gone.has(name)),
    checks: checks.filter(({ table, inputs = [] }) => !gone.has(table) && !inputs.some(isGone)),
    destinations: destinations.map((destination) => ({
      ...destination,
      tables: destination.tables.filter(({ name }) => !gone.has(name)),
    })),
  };
}
