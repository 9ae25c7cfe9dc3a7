import type { Receipt, ReceiptSource, ReceiptTable } from '../../../workflows/receipt.ts';

/**
 * Where a receipt contradicts itself, a sentence each: sums that it says close, and do not. Of one that says itself that not
 * every row is accounted for nothing is told. Pure.
 */
export function contradictionsIn({ accounted, sources, tables }: Receipt): string[] {
  if (!accounted) return [];
  return [
    ...sources.flatMap((source) => readFault(source)),
    ...tables.flatMap((table) => [...loadFault(table), ...originFault(table, sources)]),
  ];
}

function readFault({ name, read, staged, quarantined, deduplicated }: ReceiptSource): string[] {
  return fault(`${name}: rows read`, read, { staged, quarantined, deduplicated });
}

function loadFault({ name, destination, rows, inserted, updated, unchanged, outdated }: ReceiptTable): string[] {
  if (destination === null) return [];
  return fault(`${name} in ${destination}: rows`, rows, { inserted, updated, unchanged, outdated });
}

/** A table that promises a row for each of its source. */
function originFault(
  { name, source: origin, rows, deduplicated, filtered, quarantined: broken }: ReceiptTable,
  sources: readonly ReceiptSource[],
): string[] {
  const source = sources.find((one) => one.name === origin && one.error === null);
  if (!source) return [];
  const { read } = source;
  const quarantined = source.quarantined + broken;
  return fault(`${name}: rows read of ${source.name}`, read, { rows, quarantined, deduplicated, filtered });
}

function fault(what: string, whole: number, parts: Readonly<Record<string, number>>): string[] {
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  if (sum === whole) return [];
  const said = Object.entries(parts).map(([name, part]) => `${part} ${name}`);
  return [`${what}: ${whole}, and not ${said.join(' + ')}`];
}
