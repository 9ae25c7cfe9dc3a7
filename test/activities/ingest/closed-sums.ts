import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import type { Session } from '../../../activities/duckdb/session.ts';
import { stagedRows } from '../../../activities/duckdb/staged-tables.ts';
import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import type { Lake } from '../../../activities/lake/lake.ts';
import type { IngestedSource } from '../../../workflows/stages.ts';

/**
 * The sums of a source close: read = staged + quarantined + deduplicated, as it says, as its report says, and as the rows themselves are
 * there. Every test that loads a file asks for it.
 */
export async function expectClosed(session: Session, lake: Lake, result: IngestedSource): Promise<void> {
  const { read, staged, quarantined, deduplicated = 0, discarded } = result;
  expect(read).toBe(staged + quarantined + deduplicated);
  expect(result.tables[0]?.rows).toBe(staged);
  for (const { name, rows, uris } of result.tables)
    expect(await session.count(`SELECT count(*) FROM ${await stagedRows(lake, { uris })}`), name).toBe(rows);
  const kept = `SELECT count(*) FROM read_parquet(${literal(await lake.local(result.quarantine))}) WHERE kept`;
  expect(await session.count(kept.replace('WHERE kept', 'WHERE NOT kept'))).toBe(quarantined);
  expect(await session.count(kept)).toBe(discarded);
  // Only the most frequent are named.
  const reasons = result.reasons.reduce((sum, { rows }) => sum + rows, 0);
  if (result.reasons.length < 20) expect(reasons).toBe(quarantined + discarded);
  const report = JSON.parse(await readFile(await lake.local(result.report), 'utf8')) as SourceReport;
  expect(report.counts).toMatchObject({ read, staged, quarantined, discarded });
  expect(report.files.reduce((sum, file) => sum + file.read, 0)).toBe(read);
}
