import { countedSources, validatedChecks, validatedTables } from './checked-tables.ts';
import type { Plan } from './definition/index.ts';
import type { RunAccount } from './run-account.ts';
import type { StageCaller } from './stage-caller.ts';
import type { RunIdentity } from './stages.ts';
import type { Remaining } from './without-failed.ts';

/** Asks the checks once more, of what readers find now. */
export async function validatePublished(
  run: RunIdentity,
  { asOf, lake }: Plan,
  { checks, destinations }: Pick<Remaining, 'checks' | 'destinations'>,
  account: RunAccount,
  stage: StageCaller,
): Promise<void> {
  const sources = account.sources.flatMap(({ tables }) => tables);
  for (const [index, destination] of destinations.entries()) {
    const standing = validatedTables(destination, account.published);
    const asked = validatedChecks(checks, destination.name, standing.tables);
    if (asked.length === 0) continue;
    account.validated.push(
      await stage(
        { stage: 'check', slice: destination.name, summary: `Ask ${asked.length} checks of what is published` },
        {
          ...{ run, lake, asOf, sources, tables: [], standing, checks: asked },
          counted: countedSources(account.sources),
          report: `published-${index + 1}`,
        },
      ),
    );
  }
}
