import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { Receipt, ReceiptSource } from '../../../workflows/receipt.ts';
import { requireInLake } from './require-in-lake.ts';

/** How one source of a run was read. */
export interface ToldSource {
  readonly source: ReceiptSource;
  readonly report: SourceReport;
}

/**
 * The reports of a run's sources, in the receipt's order; a source that failed has none.
 *
 * @throws CommandError (exit 1) where retention has removed one
 */
export async function readReports(receipt: Receipt, lakeUri: string): Promise<ToldSource[]> {
  const lake = openLake(lakeUri);
  const told = await Promise.all(
    receipt.sources.map(async (source) => {
      if (source.report === null) return [];
      const what = `the report on how ${source.name} was read`;
      await requireInLake({ what, uri: source.report }, receipt, lakeUri);
      return [{ source, report: JSON.parse(await lake.readText(source.report)) as SourceReport }];
    }),
  );
  return told.flat();
}
