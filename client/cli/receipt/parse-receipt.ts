import type { Receipt, ReceiptSource, ReceiptTable } from '../../../workflows/receipt.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

/** Of a table without rules, whose every row was the latest. */
const NOTHING_TAKEN = { quarantined: 0, reasons: [], quarantine: null, outdated: 0 };

/** Fields that came later: the first receipts of this version do not have them. */
type Later<Whole, Fields extends keyof Whole> = Omit<Whole, Fields> & Partial<Pick<Whole, Fields>>;

type Stored = Later<
  Omit<Receipt, 'version' | 'sources' | 'tables'>,
  'steps' | 'replay' | 'destinations' | 'metrics' | 'uploads'
> & {
  readonly version: unknown;
  readonly sources: readonly Later<ReceiptSource, 'reading'>[];
  readonly tables: readonly Later<ReceiptTable, 'mode' | 'plan' | 'stored' | 'ddl' | keyof typeof NOTHING_TAKEN>[];
};

/**
 * A receipt from its text; what an earlier release did not write yet is empty.
 *
 * @param uri where it was, for errors
 * @throws CommandError for what is no receipt, or one of a later version
 */
export function parseReceipt(text: string, uri: string): Receipt {
  const { version, ...stored } = (parseJson(text, uri) ?? {}) as Stored;
  if (version !== 1) throw unreadable(uri, `its version is ${String(version)}; this command reads version 1`);
  if (![stored.sources, stored.tables].every((list) => Array.isArray(list))) throw unreadable(uri, 'it is no receipt');
  return {
    version,
    steps: [],
    replay: null,
    destinations: [],
    uploads: [],
    metrics: null,
    ...stored,
    sources: stored.sources.map((source) => ({ reading: null, ...source })),
    tables: stored.tables.map((table) => ({ mode: null, plan: null, stored: [], ddl: [], ...NOTHING_TAKEN, ...table })),
  };
}

function parseJson(text: string, uri: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(uri, `it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unreadable(uri: string, why: string): CommandError {
  return new CommandError(
    EXIT.failed,
    `The receipt cannot be read.\n  where: ${uri}\n  why:   ${why}\n  to do: take it from a backup, or read it with the release that wrote it`,
  );
}
