import type { QueuePlan } from '../../workflows/definition/index.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Intake } from './intake.ts';
import { markInvalidJson } from './mark-invalid-json.ts';
import { ask, askSql, execute } from './postgres.ts';

/** A column of the table. */
interface Found {
  readonly name: string;
  /** As the catalogue writes it. */
  readonly type: string;
  readonly required: boolean;
}

/** The last record that was taken: those behind it come next. */
interface Cursor {
  /** NULL last. */
  readonly at: string | null;
  readonly id: string;
}

/** Rows of a Postgres table that wait. Errors: `SourceMissing`. */
export async function openQueue(session: Session, plan: QueuePlan): Promise<Intake> {
  const there = await columnsOf(session, plan);
  const form = plan.forms.find(({ record }) => there.has(record));
  const place = `${plan.name}: ${plan.schema}.${plan.table}`;
  if (there.size === 0) throw missing(place, 'There is no such table, or this user may not see it.');
  if (!form) throw missing(place, noColumn(plan.forms.map(({ record }) => record).join(' or '), there));
  const { id, createdAt, processed, processedAt } = plan.columns;
  for (const name of [id, createdAt, processed, processedAt])
    if (!there.has(name)) throw missing(place, noColumn(name, there));
  return new QueueIntake(
    plan,
    there,
    form.record,
    (form.beside ?? []).filter((name) => there.has(name)),
  );
}

class QueueIntake implements Intake {
  readonly beside: readonly string[];
  readonly #plan: QueuePlan;
  readonly #there: ReadonlyMap<string, Found>;
  readonly #record: string;
  #cursor: Cursor | undefined;

  constructor(plan: QueuePlan, there: ReadonlyMap<string, Found>, record: string, beside: readonly string[]) {
    this.#plan = plan;
    this.#there = there;
    this.#record = record;
    this.beside = beside;
  }

  async take(session: Session, table: string, size: number): Promise<number> {
    const { id, createdAt } = this.#plan.columns;
    const beside = this.beside.map((name) => `${identifier(name)}::text AS ${identifier(`row_${name}`)}`);
    const query = `
      SELECT ${identifier(id)}::text AS source_id, ${identifier(this.#record)}::text AS record, ${identifier(createdAt)}::text AS taken_at,
        xmin::text AS taken_version, ctid::text AS taken_place${beside.map((column) => `, ${column}`).join('')}
      FROM ${this.#table()} WHERE ${this.#waiting()} AND ${this.#behind()}
      ORDER BY ${identifier(createdAt)}, ${identifier(id)} LIMIT ${size}`;
    await session.run(`CREATE TABLE ${table} AS ${askSql('origin', query)}`);
    if (this.#type(this.#record) !== 'jsonb') await markInvalidJson(session, table);
    const [last] = await session.rows<{ at: string | null; id: string; rows: string }>(
      `SELECT taken_at AS at, source_id AS id, rowid + 1 AS rows FROM ${table} ORDER BY rowid DESC LIMIT 1`,
    );
    if (!last) return 0;
    this.#cursor = { at: last.at, id: last.id };
    return Number(last.rows);
  }

  /**
   * A row that was changed since it was read is not marked: it is read again. Rows are found by their places, one after the
   * other: joined in any other way the whole table would be read for each batch.
   */
  async done(session: Session, table: string): Promise<number> {
    const { id, processed, processedAt } = this.#plan.columns;
    const list = (column: string): string =>
      `'{' || string_agg('"' || replace(replace(${column}, '\\', '\\\\'), '"', '\\"') || '"', ',') || '}'`;
    const [lists] = await session.rows<{ ids: string; versions: string; places: string }>(
      `SELECT ${list('source_id')} AS ids, ${list('taken_version')} AS versions, ${list('taken_place')} AS places FROM ${table}`,
    );
    if (!lists) return 0;
    // Of a statement that changes rows the extension gives no result: it is handed on by a setting of the transaction.
    await session.run('BEGIN TRANSACTION');
    try {
      await execute(session, 'origin', 'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off');
      await execute(
        session,
        'origin',
        `WITH marked AS (
           UPDATE ${this.#table()} AS t SET ${identifier(processed)} = true, ${identifier(processedAt)} = now()
           FROM unnest(${literal(lists.places)}::tid[], ${literal(lists.ids)}::${this.#type(id)}[], ${literal(lists.versions)}::text[])
             AS done (place, id, version)
           WHERE t.ctid = done.place AND t.${identifier(id)} = done.id AND t.xmin::text = done.version RETURNING 1)
         SELECT set_config('acequia.marked', count(*)::text, true) FROM marked`,
      );
      const [marked] = await ask<{ rows: string }>(
        session,
        'origin',
        `SELECT current_setting('acequia.marked') AS rows`,
      );
      await session.run('COMMIT');
      return Number(marked?.rows ?? 0);
    } catch (error) {
      await session.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  again(): void {
    this.#cursor = undefined;
  }

  #table(): string {
    return `${identifier(this.#plan.schema)}.${identifier(this.#plan.table)}`;
  }

  /** In words that an index `WHERE NOT processed` serves, where it can. */
  #waiting(): string {
    const { processed } = this.#plan.columns;
    const column = identifier(processed);
    return this.#there.get(processed)?.required ? `NOT ${column}` : `${column} IS NOT TRUE`;
  }

  #behind(): string {
    const { id, createdAt } = this.#plan.columns;
    if (!this.#cursor) return 'true';
    const { at, id: last } = this.#cursor;
    const lastId = `${literal(last)}::${this.#type(id)}`;
    if (at === null) return `(${identifier(createdAt)} IS NULL AND ${identifier(id)} > ${lastId})`;
    const behind = `(${identifier(createdAt)}, ${identifier(id)}) > (${literal(at)}::${this.#type(createdAt)}, ${lastId})`;
    return this.#there.get(createdAt)?.required ? behind : `(${behind} OR ${identifier(createdAt)} IS NULL)`;
  }

  #type(column: string): string {
    return this.#there.get(column)?.type ?? 'text';
  }
}

async function columnsOf(session: Session, { schema, table }: QueuePlan): Promise<Map<string, Found>> {
  const found = await ask<{ name: string; type: string; required: boolean }>(
    session,
    'origin',
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required FROM pg_attribute
      WHERE attrelid = to_regclass(${literal(`${identifier(schema)}.${identifier(table)}`)}) AND attnum > 0 AND NOT attisdropped`,
  );
  return new Map(found.map((column) => [column.name, column]));
}

function noColumn(name: string, there: ReadonlyMap<string, Found>): string {
  const names = [...there.keys()];
  return `It has no column ${name}.${closest(name, names)} Its columns are: ${names.join(', ')}.`;
}

function missing(where: string, why: string): AcequiaError {
  return new AcequiaError('SourceMissing', {
    what: 'The table with the records that wait is not as it is expected.',
    where,
    why,
    remedy: 'name its table and columns in the settings of this source (docs/drain.md)',
  });
}
