import { stagedName } from '../../workflows/published-tables.ts';
import type { ReceiptTable } from '../../workflows/receipt.ts';
import type { PublishedTable, ReceiptRequest, TransformedTable } from '../../workflows/stages.ts';
import type { GivenTable, GivenTables } from './given-tables.ts';

/** Every table that was made, once for each destination that has it, and every one that was published as it was staged. */
export function compileTables(
  { sources, transformed, published, plan }: ReceiptRequest,
  given: GivenTables,
): ReceiptTable[] {
  const givenTo = ({ destination, name }: PublishedTable): GivenTable | undefined => given.get(destination)?.get(name);
  const originOf = (source: string | null, { deduplicated = 0, filtered = 0, quarantined }: Taken = {}): Origin => {
    const before = sources.find(({ name }) => name === source)?.deduplicated ?? 0;
    const { rows = 0, reasons = [], quarantine = null } = quarantined ?? {};
    return { source, deduplicated: before + deduplicated, filtered, quarantined: rows, reasons, quarantine };
  };
  const made = transformed.flatMap((table) => {
    const onePer = plan?.models.find((model) => model.name === table.name)?.onePer ?? null;
    const origin = originOf(onePer, table);
    const loads = published.filter(({ name }) => name === table.name);
    if (loads.length === 0) return [unpublished(table, origin)];
    return loads.map((load) => loaded(load, givenTo(load), origin));
  });
  const asStaged = published
    .filter(({ name }) => !transformed.some((table) => table.name === name))
    .map((load) => {
      const to = givenTo(load);
      const staged = to ? stagedName(to.plan) : load.name;
      return loaded(load, to, originOf(sources.find(({ name }) => name === staged)?.name ?? null));
    });
  return [...made, ...asStaged];
}

type Taken = Pick<TransformedTable, 'deduplicated' | 'filtered' | 'quarantined'>;

/** Where the rows of a table come from, and what was taken out of them; of one with a source, what was dropped there counts. */
type Origin = Pick<ReceiptTable, 'source' | 'deduplicated' | 'filtered' | 'quarantined' | 'reasons' | 'quarantine'>;

function unpublished({ name, rows, uris }: TransformedTable, origin: Origin): ReceiptTable {
  const counts = { inserted: 0, updated: 0, unchanged: 0, removed: 0, outdated: 0 };
  const load = { digest: null, loadId: null, mode: null, plan: null };
  return { name, destination: null, rows, ...counts, ...origin, ...load, stored: uris, ddl: [] };
}

function loaded(
  { differences: _, outdated = 0, ddl = [], ...load }: PublishedTable,
  given: GivenTable | undefined,
  origin: Origin,
): ReceiptTable {
  const plan = given?.plan ?? null;
  const how = { mode: plan && (plan.mode ?? 'replace'), plan, stored: given?.made.uris ?? [], ddl };
  return { ...load, outdated, ...origin, ...how };
}
