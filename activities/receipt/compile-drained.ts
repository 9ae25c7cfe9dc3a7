import { drainedSource } from '../../workflows/drained-source.ts';
import type { DrainTally } from '../../workflows/drain-contract.ts';
import type { Receipt, ReceiptSource, ReceiptTable } from '../../workflows/receipt.ts';
import type { ReceiptRequest } from '../../workflows/stages.ts';

/** What was drained, as sources: records take the place of rows. */
export function drainedSources({ drained = [] }: ReceiptRequest): ReceiptSource[] {
  return drained.map((tally) => {
    const { name, read, staged, quarantined, reasons } = drainedSource(tally);
    const { uri, files = 0, quarantine } = tally;
    return {
      ...{ name, uri, files, read, staged, quarantined, reasons, quarantine },
      ...{ bytes: 0, digest: null, deduplicated: 0, discarded: 0, report: null, reading: null, error: null },
    };
  });
}

/** The one table that all of it went into. */
export function drainedTables({ drained = [], plan }: ReceiptRequest): ReceiptTable[] {
  if (!plan?.drain || drained.length === 0) return [];
  const { name: destination, table: name } = plan.drain.target;
  const sum = (of: (tally: DrainTally) => number): number => drained.reduce((all, tally) => all + of(tally), 0);
  const [only, ...others] = drained;
  const inserted = sum((tally) => tally.inserted);
  const unchanged = sum((tally) => tally.unchanged);
  return [
    {
      ...{ name, destination, inserted, unchanged },
      source: only && others.length === 0 ? only.source : null,
      rows: inserted + unchanged,
      ...{ updated: 0, removed: 0, deduplicated: 0, filtered: 0, quarantined: 0, outdated: 0 },
      ...{ reasons: [], quarantine: null, loadId: null, mode: 'append', plan: null, stored: [], ddl: [] },
      digest: only && others.length === 0 ? only.digest : null,
    },
  ];
}

export function drainDestinations({ plan, drained = [] }: ReceiptRequest): Receipt['destinations'] {
  if (!plan?.drain || drained.length === 0) return [];
  const { name, schema, database } = plan.drain.target;
  const { setting } = database;
  return [{ name, kind: 'postgres', path: name, server: { ...(setting ? { setting } : {}), schema } }];
}
