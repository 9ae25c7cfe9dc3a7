import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { Receipt, ReceiptSource } from '../../../workflows/receipt.ts';

/** How one source of a run was read. */
export interface ToldSource {
  readonly source: ReceiptSource;
  readonly report: SourceReport;
}

/** The reports of a run's sources, in the receipt's order; a source that failed has none. */
export async function readReports({ sources }: Receipt, lakeUri: string): Promise<ToldSource[]> {
  const lake = openLake(lakeUri);
  const told = await Promise.all(
    sources.map(async (source) => {
      if (source.report === null) return [];
      return [{ source, report: JSON.parse(await lake.readText(source.report)) as SourceReport }];
    }),
  );
  return told.flat();
}
