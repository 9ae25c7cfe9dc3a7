import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, test } from 'vitest';
import type { StatementEvent } from '../../../activities/duckdb/statement-channel.ts';
import type { LoadMode } from '../../../workflows/definition/index.ts';
import { table } from './destinations.ts';
import { failureOf, postgresSchema } from './postgres-schema.ts';

const OLD = "SELECT i::BIGINT AS id, 'n' || i AS note FROM range(1, 4) t(i)";
const NEW = "SELECT i::BIGINT AS id, 'm' || i AS note FROM range(3, 6) t(i)";

const plan = (mode: LoadMode) => table(mode, { key: mode === 'append' ? [] : ['id'] });

/** A table of ours with the rows of `OLD`, changed by hand. */
async function changedByHand(mode: LoadMode, statement: string) {
  const made = await postgresSchema();
  await made.load(plan(mode), OLD);
  await made.tell(statement);
  const before = [await made.contents(), await made.rows().catch(() => 'no rows')];
  const requireUntouched = async () =>
    expect([await made.contents(), await made.rows().catch(() => 'no rows')]).toEqual(before);
  return { ...made, requireUntouched };
}

describe('in the place of the table', () => {
  test.each([
    ['a view', "CREATE VIEW sales AS SELECT 1::bigint AS id, 'a' AS note", 'DROP VIEW sales'],
    ['a materialized view', "CREATE MATERIALIZED VIEW sales AS SELECT 1::bigint AS id, 'a' AS note", 'DROP MATERIALIZED VIEW sales'],
    ['a foreign table', 'CREATE FOREIGN DATA WRAPPER far; CREATE SERVER away FOREIGN DATA WRAPPER far; CREATE FOREIGN TABLE sales (id bigint, note text) SERVER away', 'DROP FOREIGN DATA WRAPPER far CASCADE'],
    ['a partitioned table', 'CREATE TABLE sales (id bigint, note text) PARTITION BY RANGE (id)', 'DROP TABLE sales'],
    ['a table with child tables', 'CREATE TABLE sales (id bigint, note text); CREATE TABLE child () INHERITS (sales)', 'DROP TABLE sales CASCADE'],
    ['a sequence', 'CREATE SEQUENCE sales', 'DROP SEQUENCE sales'],
    ['an index', 'CREATE TABLE other (n int); CREATE INDEX sales ON other (n)', 'DROP TABLE other'],
    ['a type', "CREATE TYPE sales AS ENUM ('a')", 'DROP TYPE sales'],
  ])('%s is refused by its kind; once it is gone, the load goes in', async (kind, statement, undo) => {
    const { load, tell, contents } = await postgresSchema();
    await tell(statement);
    const before = await contents();
    for (const mode of ['replace', 'merge'] as const)
      await expect(load(plan(mode), OLD)).rejects.toMatchObject({
        type: 'DestinationNotOurs',
        what: `The database holds ${kind} "sales" that Acequia did not make.`,
      });
    expect(await contents()).toEqual(before);
    await tell(undo);
    expect((await load(plan('replace'), OLD))[0]?.inserted).toBe(3);
  }); // prettier-ignore

  test('and nothing is left in a schema that turns out to be somebody else’s', async () => {
    const { load, tell, rows } = await postgresSchema();
    await tell('CREATE TABLE sales (id bigint, note text)');
    await expect(load(plan('replace'), OLD)).rejects.toMatchObject({ type: 'DestinationNotOurs' });
    await expect(rows('_acequia_ledger')).rejects.toThrow(/does not exist/);
    await load(plan('append'), OLD);
    expect(await rows('_acequia_ledger')).toHaveLength(1);
  });

  test('a view in the place of our own table is refused, too', async () => {
    const { load, requireUntouched } = await changedByHand('replace', 'ALTER TABLE sales RENAME TO old; CREATE VIEW sales AS SELECT * FROM old');
    await expect(load(plan('replace'), NEW)).rejects.toMatchObject({ type: 'DestinationNotOurs' });
    await requireUntouched();
  }); // prettier-ignore

  test.each([
    ['a table', 'CREATE TABLE "Sales" (id bigint, note text)', '"Sales", whose name differs from "sales" by case alone'],
    ['a column', 'CREATE TABLE sales (id bigint, "Id" bigint, note text)', 'the columns "id" and "Id", which differ by case alone'],
  ])('%s whose name differs by case alone is told, and left', async (_, statement, told) => {
    const { load, tell, contents } = await postgresSchema();
    await tell(statement);
    const before = await contents();
    for (const mode of ['replace', 'append', 'merge'] as const)
      await expect(load(plan(mode), OLD)).rejects.toMatchObject({ type: 'DestinationNotOurs', message: expect.stringContaining(told) as string });
    expect(await contents()).toEqual(before);
  }); // prettier-ignore
});

describe('a table of somebody else', () => {
  test('is appended to and merged into by whatever letters its columns have, and never replaced', async () => {
    const { load, tell, rows } = await postgresSchema();
    await tell(`CREATE TABLE sales ("ID" bigint, note text); INSERT INTO sales VALUES (1, 'theirs'), (NULL, 'x'), (NULL, 'y')`);
    await load(plan('append'), "SELECT 2::BIGINT AS id, 'ours' AS note");
    const [merged] = await load(plan('merge'), "SELECT 1::BIGINT AS id, 'both' AS note UNION ALL SELECT 3, NULL");
    expect(merged).toMatchObject({ inserted: 1, updated: 1 });
    const there = ['(,x)', '(,y)', '(1,both)', '(2,ours)', '(3,)'];
    expect(await rows()).toEqual(there);
    await expect(load(plan('replace'), OLD)).rejects.toMatchObject({ type: 'DestinationNotOurs' });
    expect(await rows()).toEqual(there);
  }); // prettier-ignore

  test.each([
    ['lacks the key', 'CREATE TABLE sales (other bigint, note text)', 'id: the table has no such column, and Acequia did not make it'],
    ['repeats keys', "CREATE TABLE sales (id bigint, note text); INSERT INTO sales VALUES (1, 'a'), (1, 'b'), (2, 'c'), (2, 'd')", '2 keys of the load stand in several rows of the table (id)'],
    ['has numbers for a column of text', 'CREATE TABLE sales (id bigint, note int)', 'note: VARCHAR in the load, INTEGER in the table; 3 values do not go in'],
  ])('that %s is not merged into', async (_, statement, why) => {
    const { load, tell, rows } = await postgresSchema();
    await tell(statement);
    const before = await rows();
    await expect(load(plan('merge'), OLD)).rejects.toMatchObject({ type: 'DestinationMismatch', why });
    expect(await rows()).toEqual(before);
  }); // prettier-ignore

  test.each([
    ['timestamp(0) without time zone', "TIMESTAMP '2020-01-01 00:00:00.6'", "TIMESTAMP '2020-01-01 00:00:01'"],
    ['character(5)', "'ab '", "'abcde'"],
    ['character varying(3)', "'ab    '", "'abc'"],
    ['jsonb', `'{"b":1,"a":1.0}'::JSON`, `'{"a": 1.0, "b": 1}'::JSON`],
    ['numeric(9,9)', '0.5::DECIMAL(9,9)', '0.000000001::DECIMAL(9,9)'],
    ['inet', "'10.0.0.1'", "'10.0.0.1/32'"],
  ])('whose type %s would change a value takes only those that it keeps', async (type, lossy, kept) => {
    const { load, tell, rows } = await postgresSchema();
    await tell(`CREATE TABLE sales (id bigint, v ${type})`);
    for (const mode of ['append', 'merge'] as const)
      await expect(load(plan(mode), `SELECT 1::BIGINT AS id, ${lossy} AS v`)).rejects.toMatchObject({
        type: 'DestinationMismatch',
        why: expect.stringMatching(/^v: .* in the table/) as string,
      });
    expect(await rows()).toEqual([]);
    const [taken] = await load(plan('merge'), `SELECT 1::BIGINT AS id, ${kept} AS v`);
    expect(taken?.inserted).toBe(1);
  });

  test.each([
    ['CHECK (id > 4711)', 'violates check constraint "sales_id_check"'],
    ['UNIQUE', 'duplicate key value violates unique constraint "sales_id_key"'],
    ['GENERATED ALWAYS AS IDENTITY', 'id'],
    ['GENERATED ALWAYS AS (7) STORED', 'column "id"'],
  ])('with %s takes no row that breaks it, and names what is broken, never a value', async (constraint, told) => {
    const { load, tell, rows } = await postgresSchema();
    await tell(`CREATE TABLE sales (id bigint ${constraint}, note text); INSERT INTO sales (note) VALUES ('old'); UPDATE sales SET note = 'theirs'`);
    if (constraint === 'UNIQUE') await tell('UPDATE sales SET id = 4711');
    const before = await rows();
    const row = "SELECT 4711::BIGINT AS id, 'hush' AS note";
    const failure = await failureOf(load(table('append'), constraint === 'GENERATED ALWAYS AS IDENTITY' ? 'SELECT 1 AS nope' : row));
    expect(failure).toMatchObject({ type: 'DestinationMismatch', message: expect.stringContaining(told) as string });
    expect(String(failure)).not.toMatch(/4711|hush/);
    expect(await rows()).toEqual(before);
  }); // prettier-ignore
});

describe('a table of ours that somebody changed', () => {
  test.each<[string, string, Readonly<Partial<Record<LoadMode, string[]>>>]>([
    ['a number became text', 'ALTER TABLE sales ALTER COLUMN id TYPE text', {
      replace: ['(3,m3)', '(4,m4)', '(5,m5)'], merge: ['(1,n1)', '(2,n2)', '(3,m3)', '(4,m4)', '(5,m5)'] }],
    ['text became a number', 'ALTER TABLE sales ALTER COLUMN note TYPE int USING 7', {
      replace: ['(3,m3)', '(4,m4)', '(5,m5)'], merge: ['(1,7)', '(2,7)', '(3,m3)', '(4,m4)', '(5,m5)'] }],
    ['a column was dropped', 'ALTER TABLE sales DROP COLUMN note', {
      replace: ['(3,m3)', '(4,m4)', '(5,m5)'], append: ['(1,)', '(2,)', '(3,)', '(3,m3)', '(4,m4)', '(5,m5)'] }],
    ['a column was added', 'ALTER TABLE sales ADD COLUMN more int DEFAULT 9', {
      replace: ['(3,m3)', '(4,m4)', '(5,m5)'], merge: ['(1,n1,9)', '(2,n2,9)', '(3,m3,9)', '(4,m4,9)', '(5,m5,9)'] }],
    ['a column was renamed', 'ALTER TABLE sales RENAME COLUMN note TO remark', {
      replace: ['(3,m3)', '(4,m4)', '(5,m5)'], merge: ['(1,n1,)', '(2,n2,)', '(3,n3,m3)', '(4,,m4)', '(5,,m5)'] }],
  ])('%s: no value is lost', async (_, statement, expected) => {
    for (const [mode, there] of Object.entries(expected)) {
      const { load, rows } = await changedByHand(mode as LoadMode, statement);
      await load(plan(mode as LoadMode), NEW);
      expect(await rows()).toEqual(there);
    }
  }); // prettier-ignore

  test('a key that was renamed is not filled with nothing', async () => {
    const { load, requireUntouched } = await changedByHand('merge', 'ALTER TABLE sales RENAME COLUMN id TO number');
    await expect(load(plan('merge'), NEW)).rejects.toMatchObject({ type: 'DestinationMismatch', why: expect.stringContaining('null value in column "number"') as string });
    await requireUntouched();
  }); // prettier-ignore

  test.each<[string, string, LoadMode, string, RegExp]>([
    ['NOT NULL', 'ALTER TABLE sales ALTER COLUMN note SET NOT NULL', 'merge', 'ALTER TABLE sales ALTER COLUMN note DROP NOT NULL', /null value in column "note"/],
    ['CHECK', 'ALTER TABLE sales ADD CONSTRAINT few CHECK (id < 4)', 'append', 'ALTER TABLE sales DROP CONSTRAINT few', /violates check constraint "few"/],
    ['UNIQUE', 'ALTER TABLE sales ADD CONSTRAINT once UNIQUE (note)', 'merge', 'ALTER TABLE sales DROP CONSTRAINT once', /violates unique constraint "once"/],
    ['a rule', 'CREATE RULE none AS ON INSERT TO sales DO INSTEAD NOTHING', 'merge', 'DROP RULE none ON sales', /INSERT RETURNING on relation "sales"/],
  ])('%s refuses the rows by its name; once it is dropped, they go in', async (_, statement, mode, undo, told) => {
    const { load, tell, rows, requireUntouched } = await changedByHand(mode, statement);
    const same = "SELECT i::BIGINT AS id, CASE WHEN i < 5 THEN 'same' END AS note FROM range(3, 6) t(i)";
    await expect(load(plan(mode), same)).rejects.toMatchObject({ type: 'DestinationMismatch', why: expect.stringMatching(told) as string });
    await requireUntouched();
    await tell(undo);
    await load(plan(mode), same);
    expect(await rows()).toContain('(4,same)');
  }); // prettier-ignore

  test('a ledger that was changed is neither read nor written; nor is what lost it replaced', async () => {
    for (const [statement, why] of [
      ['ALTER TABLE _acequia_ledger DROP COLUMN digest', 'The column digest is missing.'],
      ['ALTER TABLE _acequia_ledger ALTER COLUMN requested_at TYPE timestamptz USING now()', 'The column requested_at is TIMESTAMP WITH TIME ZONE, and was VARCHAR.'],
      ['ALTER TABLE _acequia_ledger RENAME TO mine; CREATE VIEW _acequia_ledger AS SELECT * FROM mine', 'A view stands in its place.'],
      ["UPDATE _acequia_ledger SET ddl = 'nonsense'", 'Its column ddl does not hold JSON.'],
      ['DELETE FROM _acequia_ledger', /knows no load that made it/],
      ['DROP TABLE _acequia_ledger', /knows no load that made it/],
    ] as const) {
      const { load, requireUntouched } = await changedByHand('replace', statement);
      await expect(load(plan('replace'), NEW)).rejects.toMatchObject({ type: 'DestinationNotOurs', why: expect.stringMatching(why) as string });
      await requireUntouched();
    }
  }); // prettier-ignore
});

describe('what hangs on a table of ours', () => {
  test.each([
    ['view report', 'CREATE VIEW report AS SELECT note FROM sales'],
    ['publication', 'CREATE PUBLICATION $NAME FOR TABLE sales'],
    ['trigger told', "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER told AFTER INSERT ON sales FOR EACH ROW EXECUTE FUNCTION nothing()"],
    ['function latest()', "CREATE FUNCTION latest() RETURNS SETOF sales LANGUAGE sql AS 'SELECT * FROM sales'"],
    ['row-level security', 'ALTER TABLE sales ENABLE ROW LEVEL SECURITY'],
  ])('%s stays where the structure stays, and is named where that would change', async (name, statement) => {
    const { load, rows, contents, tell, schema } = await postgresSchema();
    await load(plan('replace'), OLD);
    await tell(statement.replace('$NAME', `publication_${schema}`));
    const before = await contents();
    await load(plan('replace'), NEW);
    const there = ['(3,m3)', '(4,m4)', '(5,m5)'];
    expect([await contents(), await rows()]).toEqual([before, there]);
    const failure = await failureOf(load(plan('replace'), `SELECT *, 1 AS more FROM (${OLD})`));
    expect(failure).toMatchObject({ type: 'DestinationMismatch', why: expect.stringContaining(name.split(' ')[0]!) as string });
    expect([await contents(), await rows()]).toEqual([before, there]);
  }); // prettier-ignore

  test('a view on a column that must become wider is named', async () => {
    const { load, requireUntouched } = await changedByHand('merge', 'CREATE VIEW report AS SELECT id FROM sales');
    await expect(load(plan('merge'), "SELECT 'x' AS id, 'y' AS note")).rejects.toMatchObject({ type: 'DestinationMismatch', why: expect.stringMatching(/view report depends on column "id"/) as string });
    await requireUntouched();
  }); // prettier-ignore

  test('a trigger that changes rows, or drops them, is named; nothing is published', async () => {
    for (const [mode, result] of [['replace', "NEW.note := 'other'; RETURN NEW"], ['merge', "NEW.note := 'other'; RETURN NEW"], ['append', 'RETURN NULL']] as const) {
      const { load, requireUntouched } = await changedByHand(
        mode,
        `CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${result}; END $$; CREATE TRIGGER meddling BEFORE INSERT OR UPDATE ON sales FOR EACH ROW EXECUTE FUNCTION meddle()`,
      );
      await expect(load(plan(mode), NEW)).rejects.toMatchObject({ type: 'DestinationMismatch', why: 'It has trigger meddling.' });
      await requireUntouched();
    }
  }); // prettier-ignore

  test('owner, grants and comments go with a table that is replaced, and no right is added', async () => {
    const { load, tell, schema, rows } = await postgresSchema();
    const [owner, reader, other] = ['owner', 'reader', 'other'].map((name) => `${name}_${schema}`);
    await load(plan('replace'), OLD);
    await tell(
      `CREATE ROLE ${owner}; CREATE ROLE ${reader}; CREATE ROLE ${other}; GRANT ALL ON SCHEMA "${schema}" TO ${owner};
       ALTER TABLE sales OWNER TO ${owner}; GRANT SELECT ON sales TO ${reader} WITH GRANT OPTION; GRANT SELECT (note) ON sales TO PUBLIC;
       COMMENT ON TABLE sales IS 'what''s sold'; COMMENT ON COLUMN sales.note IS 'by hand'; ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" GRANT ALL ON TABLES TO ${other};
       CREATE VIEW said AS SELECT pg_get_userbyid(relowner), relacl, obj_description(c.oid), col_description(c.oid, attnum), attacl
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE relnamespace = '"${schema}"'::regnamespace AND relname = 'sales' AND attnum > 0`,
    );
    const before = await rows('said');
    await load(plan('replace'), `SELECT * FROM (${NEW})`);
    expect(await rows('said')).toEqual(before);
    expect(before.join()).toContain("what's sold");
    await load(plan('replace'), "SELECT 1::BIGINT AS id, 'x' AS note, 2 AS more");
    expect((await rows('said')).filter((row) => row.includes('by hand'))).toEqual(before.filter((row) => row.includes('by hand')));
  }); // prettier-ignore

  test('key and indexes of a table that is replaced keep their names, also one given by hand, or taken by another table', async () => {
    const { load, tell, rows, schema } = await postgresSchema();
    const keyed = table('replace', { key: ['id'], indexes: [['note']] });
    await tell(`CREATE VIEW names AS SELECT indexname FROM pg_indexes WHERE schemaname = '${schema}' AND tablename = 'sales'`);
    const names = () => rows('names');
    await load(keyed, OLD);
    const made = await names();
    expect(made.join()).toMatch(/sales_note.*sales_pkey/);
    await load(keyed, NEW);
    expect(await names()).toEqual(made);
    await tell('ALTER TABLE sales RENAME CONSTRAINT sales_pkey TO by_hand');
    await load(keyed, OLD);
    expect((await names()).join()).toMatch(/by_hand.*sales_note/);
    await load(table('replace'), NEW);
    await tell('CREATE TABLE other (n int CONSTRAINT sales_pkey PRIMARY KEY)');
    await load(keyed, OLD);
    expect(await names()).toHaveLength(2);
  }); // prettier-ignore

  test('once the old table goes, nothing is done that takes longer for more rows', async () => {
    const { load } = await postgresSchema();
    const keyed = table('replace', { key: ['id'], indexes: [['note']] });
    await load(keyed, OLD);
    const sent: string[] = [];
    const listen = (message: unknown): void => {
      const { phase, sql } = message as StatementEvent;
      if (phase === 'start') sent.push(sql);
    };
    subscribe('acequia:statement', listen);
    await load(keyed, NEW);
    unsubscribe('acequia:statement', listen);
    const gone = sent.findIndex((sql) => sql.includes('DROP TABLE "sales"'));
    expect(gone).toBeGreaterThan(0);
    const later = sent.slice(gone + 1).filter((sql) => /CREATE|ADD|ANALYZE|INSERT INTO (?!_acequia_ledger)/.test(sql));
    expect(later).toEqual([]);
    expect(sent.slice(0, gone).filter((sql) => /ADD PRIMARY KEY|CREATE INDEX|ANALYZE/.test(sql))).toHaveLength(3);
  });
});
