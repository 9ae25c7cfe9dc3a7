import { identifier, literal } from '../../../activities/duckdb/identifiers.ts';
import type { Session } from '../../../activities/duckdb/session.ts';
import { EXPORT_COLUMNS } from './export-columns.ts';

/** Bytes of a record that quarantine keeps; one that is as long, but for a cut character, may not be whole. */
const KEPT_BYTES = 64 * 1024;
const WHOLE = `strlen(record) < ${KEPT_BYTES - 3}`;

/** How many records an export wrote, and how many it had to leave out. */
export interface Exported {
  readonly written: number;
  readonly left: number;
}

/**
 * Writes quarantined records as CSV: `EXPORT_COLUMNS`, then the record's cells as they were read. Of a record that could
 * not be taken apart they are empty, and `_record` holds what there is.
 *
 * @param rows SQL of the quarantine
 * @param known names of the record's columns in their order; others that cells have come behind
 */
export async function exportCsv(
  session: Session,
  rows: string,
  known: readonly string[],
  path: string,
): Promise<Exported> {
  const found = await session.rows<{ name: string }>(
    `SELECT DISTINCT unnest(json_keys(cells)) AS name FROM ${rows} WHERE NOT kept ORDER BY name`,
  );
  const others = found.map(({ name }) => name).filter((name) => !known.includes(name));
  const own = EXPORT_COLUMNS.map((name) => `${identifier(name.slice(1))} AS ${identifier(name)}`);
  const cells = [...known, ...others].map((name) => {
    return `json_extract_string(cells, ${literal(pointer(name))}) AS ${identifier(name)}`;
  });
  await session.run(
    `COPY (SELECT ${[...own, ...cells].join(', ')} FROM ${rows} WHERE NOT kept ORDER BY file, line, "offset")
      TO ${literal(path)} (FORMAT csv, HEADER)`,
  );
  return { written: await session.count(`SELECT count(*) FROM ${rows} WHERE NOT kept`), left: 0 };
}

/**
 * Writes quarantined JSON records, each on a line of its own. Between the parts of a record a line end means no more than
 * a space; inside of a text it cannot stand.
 */
export async function exportJsonLines(session: Session, rows: string, path: string): Promise<Exported> {
  const whole = `${rows} WHERE NOT kept AND ${WHOLE}`;
  await session.run(
    `COPY (SELECT regexp_replace(record, '[\\r\\n]+', ' ', 'g') AS record FROM ${whole} ORDER BY file, line, "offset")
      TO ${literal(path)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')`,
  );
  return {
    written: await session.count(`SELECT count(*) FROM ${whole}`),
    left: await session.count(`SELECT count(*) FROM ${rows} WHERE NOT kept AND NOT coalesce(${WHOLE}, false)`),
  };
}

/** JSON's own way to name a member whatever characters its name has. */
function pointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
