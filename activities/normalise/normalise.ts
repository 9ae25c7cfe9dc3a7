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
   * column: the records of one mapping in one statement. What is no row is put aside with its reason, none is lost.
   *
   * @param batch the table's name; what is made is called after it
   */
  async normalise(session: Session, batch: string): Promise<NormalisedBatch> {
    const [special, routed, rows, aside] = [`${batch}_special`, `${batch}_routed`, `${batch}_rows`, `${batch}_aside`];
    await readSpecial(session, batch, special, this.#embedded);
    const shapes = await routeRecords(session, { batch, special, routed }, this.#book, (number) => this.#of(number));
    const { beside } = this.#sql();
    await session.run(`
      CREATE TABLE ${aside} AS
      SELECT source_id, shape_id, CAST(NULL AS VARCHAR) AS mapping_id, CAST(NULL AS INTEGER) AS mapping_version,
        CAST(NULL AS VARCHAR) AS misfit, problem AS reason, record, ${beside} AS beside
      FROM ${routed} WHERE mapping_number IS NULL`);
    const used = await session.rows<{ number: number }>(
      `SELECT DISTINCT mapping_number AS number FROM ${routed} WHERE mapping_number IS NOT NULL ORDER BY 1`,
    );
    for (const [index, { number }] of used.entries())
      await this.#map(session, { routed, rows, aside }, number, index === 0);
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

  async #map(
    session: Session,
    { routed, rows, aside }: Readonly<Record<'routed' | 'rows' | 'aside', string>>,
    number: number,
    isFirst: boolean,
  ): Promise<void> {
    const { id, version } = this.#book.mappings[number]!;
    const { columns, beside } = this.#sql();
    const mapped = `${routed}_mapped`;
    const records = `(SELECT * FROM ${routed} WHERE mapping_number = ${number})`;
    await session.run(`CREATE TABLE ${mapped} AS ${this.#of(number).select(records)}`);
    await session.run(`
      ${isFirst ? `CREATE TABLE ${rows} AS` : `INSERT INTO ${rows}`}
      SELECT CAST(md5(source_id) AS UUID) AS event_id, source_id, ${columns}, shape_id,
        ${literal(id)} AS mapping_id, CAST(${version} AS INTEGER) AS mapping_version, record AS raw
      FROM ${mapped} WHERE reason IS NULL`);
    await session.run(`
      INSERT INTO ${aside}
      SELECT source_id, shape_id, ${literal(id)}, ${version}, misfit, reason, record, ${beside}
      FROM ${mapped} WHERE reason IS NOT NULL`);
    await session.run(`DROP TABLE ${mapped}`);
  }

  #of(number: number): CompiledMapping {
    const known = this.#compiled.get(number);
    if (known) return known;
    const compiled = compileMapping(this.#book.mappings[number]!, this.target, this.#beside);
    this.#compiled.set(number, compiled);
    return compiled;
  }

  #sql(): { readonly columns: string; readonly beside: string } {
    const members = this.#beside.map((name) => `${literal(name)}, ${identifier(`row_${name}`)}`);
    return {
      columns: identifiers(this.target.columns.map(({ name }) => name)),
      beside: members.length === 0 ? 'CAST(NULL AS VARCHAR)' : `CAST(json_object(${members.join(', ')}) AS VARCHAR)`,
    };
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
