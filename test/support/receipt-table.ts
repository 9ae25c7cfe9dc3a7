import type { ReceiptTable } from '../../workflows/receipt.ts';

/** A table of a receipt that nothing has happened to, but for what is given. */
export function receiptTable(table: Partial<ReceiptTable> = {}): ReceiptTable {
  return {
    ...{ name: 'orders', destination: 'shop.db', source: null, rows: 0, inserted: 0, updated: 0, unchanged: 0 },
    ...{ removed: 0, deduplicated: 0, filtered: 0, digest: null, loadId: null, mode: null, plan: null },
    ...{ quarantined: 0, reasons: [], quarantine: null, outdated: 0, stored: [], ddl: [] },
    ...table,
  };
}
