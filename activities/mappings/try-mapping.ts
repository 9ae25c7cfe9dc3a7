import type { DrainPlan, Mapping } from '../../workflows/definition/index.ts';
import type { Session } from '../duckdb/session.ts';
import { Normaliser } from '../normalise/normalise.ts';
import { ShapeBook } from '../normalise/shape-book.ts';
import { withMapping } from './routing-problem.ts';
import type { UnknownShape } from './unknown-shapes.ts';
import { isWanted, readAside } from './waiting-records.ts';

/** What would become of the records of a shape. */
export interface Trial {
  /** Records that were tried, at most 50,000. */
  readonly records: number;
  readonly rows: number;
  /** Why the others are none, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly records: number }[];
  /** Up to ten of the rows, as the target would have them. */
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

const MOST_TRIED = 50_000;
const EXAMPLES = 10;

/** Tries a mapping on the records that wait, as if it were in force beside the others. Nothing is written. */
export async function tryMapping(
  session: Session,
  { target, embedded }: DrainPlan,
  shape: UnknownShape,
  mapping: Mapping,
  mappings: readonly Mapping[],
): Promise<Trial> {
  const where = isWanted({ shapes: [shape.id], mappings: [] });
  const read = await readAside(session, 'trial', target, { where, size: MOST_TRIED });
  if (!read) return { records: 0, rows: 0, reasons: [], examples: [] };
  const book = new ShapeBook(withMapping(mappings, mapping));
  const normaliser = new Normaliser(target, embedded, book, read.beside);
  const { rows, aside } = await normaliser.normalise(session, 'trial');
  const reasons = await session.rows<{ reason: string; records: string }>(
    `SELECT coalesce(reason, 'a condition of the mapping (when) does not hold') AS reason, count(*) AS records
      FROM ${aside} GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  return {
    records: await session.count('SELECT count(*) FROM trial'),
    rows: rows === undefined ? 0 : await session.count(`SELECT count(*) FROM ${rows}`),
    reasons: reasons.map(({ reason, records }) => ({ reason, records: Number(records) })),
    examples:
      rows === undefined
        ? []
        : await session.rows(
            `SELECT * EXCLUDE (event_id, shape_id, raw) FROM ${rows} ORDER BY source_id LIMIT ${EXAMPLES}`,
          ),
  };
}
