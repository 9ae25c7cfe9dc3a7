import type { EmbeddedRule, TargetPlan } from '../../workflows/definition/index.ts';
import { identifier, identifiers, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { compileMapping, type CompiledMapping } from './compile-mapping.ts';
import { readSpecial } from './read-special.ts';
import { routeRecords } from './route-records.ts';
import type { ShapeBook } from './shape-book.ts';
import type { Shape } from './shape.ts';

/** How records become rows. One for all batches: mappings are compiled once. */
export class Normaliser {
  readonly target: Pick<TargetPlan, 'columns' | 'rules'>;
  readonly #embedded: readonly EmbeddedRule[];
  readonly #book: ShapeBook;
  readonly #beside: readonly string[];
  readonly #compiled = new Map<number, CompiledMapping>();

  /** @param beside columns that stand beside the records */
  constructor(
    target: Pick<TargetPlan, 'columns' | 'rules'>,
    embedded: readonly EmbeddedRule[],
    book: ShapeBook,
    beside: readonly string[],
  ) {
    this.target = target;
    this.#embedded = embedded;
    this.#book = book;
    this.#beside = beside;
  }

  /**
   * Makes the records of a table (`source_id, record`, and `row_…` of what stands beside them; all VARCHAR) into rows, by
   * column. What is no row is put aside with its reason, none is lost.
   *
   * @param batch the table's name; what is made is called after it
   */
  async normalise(session: Session, batch: string): Promise<NormalisedBatch> {
    const [special, routed, rows, aside] = [`${batch}_special`, `${batch}_routed`, `${batch}_rows`, `${batch}_aside`];
    await readSpecial(session, batch, special, this.#embedded);
    const shapes = await routeRecords(session, { batch, special, routed }, this.#book, (number) => this.#of(number));
    await session.run(`
      CREATE TABLE ${aside} AS
      SELECT source_id, shape_id, CAST(NULL AS VARCHAR) AS mapping_id, CAST(NULL AS INTEGER) AS mapping_version,
        CAST(NULL AS VARCHAR) AS misfit, problem AS reason, record, ${this.#besideSql()} AS beside
      FROM ${routed} AS r JOIN ${batch} AS b ON b.rowid = r.place WHERE mapping_number IS NULL`);
    const used = await session.rows<{ number: number }>(
      `SELECT DISTINCT mapping_number AS number FROM ${routed} WHERE mapping_number IS NOT NULL ORDER BY 1`,
    );
    if (used.length > 0)
      await this.#map(
        session,
        { batch, routed, rows, aside },
        used.map(({ number }) => number),
      );
    const parked = await session.rows<{ id: string }>(
      `SELECT DISTINCT shape_id AS id FROM ${aside} WHERE reason IS NULL`,
    );
    await session.run(`DROP TABLE ${special}; DROP TABLE ${routed}`);
    return {
      ...(used.length > 0 ? { rows } : {}),
      aside,
      unknown: parked.flatMap(({ id }) => shapes.get(id) ?? []),
    };
  }

  /** All mappings in one statement, so that each has what another leaves of the cores. */
  async #map(
    session: Session,
    { batch, routed, rows, aside }: Readonly<Record<'batch' | 'routed' | 'rows' | 'aside', string>>,
    numbers: readonly number[],
  ): Promise<void> {
    const columns = identifiers(this.target.columns.map(({ name }) => name));
    const mapped = numbers.map((number) => {
      const { id, version } = this.#book.mappings[number]!;
      const records = `(SELECT b.*, place, coalesce(special_values, record) AS "values", shape_id
        FROM ${routed} AS r JOIN ${batch} AS b ON b.rowid = r.place WHERE mapping_number = ${number})`;
      return `
        SELECT CAST(md5(source_id) AS UUID) AS event_id, source_id, ${columns}, shape_id, ${literal(id)} AS mapping_id,
          CAST(${version} AS INTEGER) AS mapping_version, record AS raw, misfit, reason, place
        FROM (${this.#of(number).select(records, ['source_id', 'record', 'shape_id', 'place'])})`;
    });
    await session.run(`CREATE TABLE ${rows} AS ${mapped.join(' UNION ALL ')}`);
    if ((await session.count(`SELECT count(reason) FROM ${rows}`)) > 0) {
      await session.run(`
        INSERT INTO ${aside}
        SELECT r.source_id, shape_id, mapping_id, mapping_version, misfit, reason, record, ${this.#besideSql()}
        FROM ${rows} AS r JOIN ${batch} AS b ON b.rowid = r.place WHERE reason IS NOT NULL`);
      await session.run(`DELETE FROM ${rows} WHERE reason IS NOT NULL`);
    }
    for (const column of ['misfit', 'reason', 'place']) await session.run(`ALTER TABLE ${rows} DROP COLUMN ${column}`);
  }

  #of(number: number): CompiledMapping {
    const known = this.#compiled.get(number);
    if (known) return known;
    const compiled = compileMapping(this.#book.mappings[number]!, this.target, this.#beside);
    this.#compiled.set(number, compiled);
    return compiled;
  }

  #besideSql(): string {
    const members = this.#beside.map((name) => `${literal(name)}, ${identifier(`row_${name}`)}`);
    return members.length === 0 ? 'CAST(NULL AS VARCHAR)' : `CAST(json_object(${members.join(', ')}) AS VARCHAR)`;
  }
}

/** Tables of a session that a batch has become. */
export interface NormalisedBatch {
  /**
   * `event_id, source_id`, the target's columns, `shape_id, mapping_id, mapping_version, raw`. Absent: no record had a mapping.
   */
  readonly rows?: string;
  /**
   * `source_id, shape_id` (NULL where there is no record), `mapping_id, mapping_version, misfit` (a column), `reason` (NULL: the
   * shape is unknown), `record`, `beside` (JSON, or NULL).
   */
  readonly aside: string;
  /** Shapes that records were put aside for. */
  readonly unknown: readonly Shape[];
}
