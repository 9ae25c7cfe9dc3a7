import type { ReceiptTable } from '../../workflows/receipt.ts';
import type { PublishedTable, ReceiptRequest, TransformedTable } from '../../workflows/stages.ts';
import type { GivenTable, GivenTables } from './given-tables.ts';

/** Every table that was made, once for each destination that has it, and every one that was published as it was staged. */
export function compileTables(
  { sources, transformed, published, plan }: ReceiptRequest,
  given: GivenTables,
): ReceiptTable[] {
  const givenTo = ({ destination, name }: PublishedTable): GivenTable | undefined => given.get(destination)?.get(name);
  const originOf = (source: string | null, deduplicated = 0): Origin => {
    const before = sources.find(({ name }) => name === source)?.deduplicated ?? 0;
    return { source, deduplicated: before + deduplicated };
  };
  const made = transformed.flatMap((table) => {
    const onePer = plan?.models.find((model) => model.name === table.name)?.onePer ?? null;
    const origin = originOf(onePer, table.deduplicated);
    const loads = published.filter(({ name }) => name === table.name);
    if (loads.length === 0) return [unpublished(table, origin)];
    return loads.map((load) => loaded(load, givenTo(load), origin));
  });
  const asStaged = published
    .filter(({ name }) => !transformed.some((table) => table.name === name))
    .map((load) => loaded(load, givenTo(load), originOf(sources.find(({ name }) => name === load.name)?.name ?? null)));
  return [...made, ...asStaged];
}

/** Where the rows of a table come from: for one with a source, what was dropped of that source on the way counts. */
type Origin = Pick<ReceiptTable, 'source' | 'deduplicated'>;

function unpublished({ name, rows, uris }: TransformedTable, { source, deduplicated }: Origin): ReceiptTable {
  const counts = { inserted: 0, updated: 0, unchanged: 0, removed: 0, deduplicated, filtered: 0 };
  const load = { digest: null, loadId: null, mode: null, plan: null };
  return { name, destination: null, source, rows, ...counts, ...load, stored: uris, ddl: [] };
}

function loaded(
  { name, destination, rows, inserted, updated, unchanged, removed, digest, loadId, ddl = [] }: PublishedTable,
  given: GivenTable | undefined,
  { source, deduplicated }: Origin,
): ReceiptTable {
  const counts = { rows, inserted, updated, unchanged, removed, deduplicated, filtered: 0 };
  const plan = given?.plan ?? null;
  const how = { mode: plan && (plan.mode ?? 'replace'), plan, stored: given?.made.uris ?? [], ddl };
  return { name, destination, source, ...counts, digest, loadId, ...how };
}
