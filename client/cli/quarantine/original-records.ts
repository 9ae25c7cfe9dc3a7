import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Correction } from '../../../workflows/definition/index.ts';
import { putAside } from '../put-aside.ts';
import { EXPORT_COLUMNS } from './export-columns.ts';
import { correctionsFolder } from './put-correction-aside.ts';
import { exportedRows, letters } from './replayed-rows.ts';

/**
 * A correction whose rows are known again by the records that were quarantined, also where whoever corrected them has
 * replaced a text everywhere in the file, and so in `_record`, too. `rows`: SQL of the quarantine that was exported. A row
 * that does not stand there, at that place, keeps what it says.
 */
export async function withOriginalRecords(
  correction: Correction,
  rows: string,
  settings: Pick<EnvironmentSettings, 'folder'>,
): Promise<Correction> {
  const { path, places } = correction;
  if (places === undefined) return correction;
  const known = `(SELECT file, CAST(line AS VARCHAR) AS line, CAST("offset" AS VARCHAR) AS "offset",
    any_value(record) AS record FROM ${rows} WHERE NOT kept GROUP BY ALL)`;
  const joined = `${await exportedRows(places)} e LEFT JOIN ${known} q
    ON (q.file, q.line, q."offset") = (e._file, e._line, e._offset)`;
  const folder = await mkdtemp(join(tmpdir(), 'acequia-places-'));
  try {
    return await withSession(undefined, async (session) => {
      const changed = await session.count(
        `SELECT count(*) FROM ${joined} WHERE q.record IS NOT NULL AND ${letters('q.record')} <> ${letters('e._record')}`,
      );
      if (changed === 0) return correction;
      const columns = EXPORT_COLUMNS.map((name) =>
        name === '_record' ? `coalesce(q.record, e._record) AS _record` : `e.${name}`,
      );
      const file = join(folder, basename(places));
      await session.run(
        `COPY (SELECT ${columns.join(', ')}, '' AS behind FROM ${joined} ORDER BY ALL) TO ${literal(file)} (FORMAT csv, HEADER)`,
      );
      return {
        path,
        places: await putAside(createReadStream(file), correctionsFolder(settings), basename(places), places),
      };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
