import { describe, expect, test } from 'vitest';
import type { DestinationKind } from '../../../workflows/definition/index.ts';
import { stage } from '../../support/staged.ts';
import { DESTINATIONS, place, publishAs, SERVED, table } from './destinations.ts';
import { counts } from './shop.ts';

const WIDER: Readonly<Partial<Record<DestinationKind, string>>> = { sqlite: 'VARCHAR', postgres: 'numeric(21,2)' };

const MODEL = { name: 'sales', columns: [], key: [], references: [], indexes: [] };

describe.each([...DESTINATIONS, ...SERVED])('$name', (destination) => {
  test('what says where a row of a source stood stays behind, what ties nested rows together does not', async () => {
    const { load, read } = await place(destination);
    await load(
      table('replace'),
      "SELECT 'a' AS _parent, 1::BIGINT AS _position, 7 AS n, 'f.csv' AS _file, 2::BIGINT AS _line, 9::BIGINT AS _offset, 3::BIGINT AS _length",
    );
    expect(await read()).toEqual([{ _parent: 'a', _position: '1', n: '7' }]);
  });

  test('a model may have columns of these names', async () => {
    const { load, read } = await place(destination);
    await load({ ...MODEL, mode: 'replace' }, 'SELECT 1 AS n, 2 AS _line');
    expect(await read()).toEqual([{ n: '1', _line: '2' }]);
  });

  test("a file's rows keep their order", async () => {
    const { load, read } = await place(destination);
    await load(table('replace'), "SELECT unnest(['b', 'c', 'a']) AS name");
    expect(await read()).toEqual([{ name: 'b' }, { name: 'c' }, { name: 'a' }]);
  });

  test('the same rows are appended once, whatever was appended between', async () => {
    const { load, read } = await place(destination);
    const append = table('append');
    await load(append, 'SELECT 1 AS n');
    await load(append, 'SELECT 2 AS n');
    expect(counts(await load(append, 'SELECT 1 AS n'))).toEqual([['sales', 1, 0, 0, 1, 0]]);
    expect(await read('append')).toEqual(expect.arrayContaining([{ n: '1' }, { n: '2' }]));
    expect(await read('append')).toHaveLength(2);
  });

  test('a load is known by what it was made from, where that is told', async () => {
    const { folder, load, read } = await place(destination);
    const staged = async (identity: string) => [{ ...(await stage(folder, 'sales', 'SELECT 1 AS n')), identity }];
    await load(table('append'), 'SELECT 0 AS n', { tables: await staged('monday.csv') });
    await load(table('append'), 'SELECT 0 AS n', { tables: await staged('tuesday.csv') });
    await load(table('append'), 'SELECT 0 AS n', { tables: await staged('monday.csv') });
    expect(await read('append')).toEqual([{ n: '1' }, { n: '1' }]);
  });

  test.each(['replace', 'append', 'merge'] as const)(
    'a retry of the same run is counted as at first (%s)',
    async (mode) => {
      const { folder, load } = await place(destination);
      const plan = table(mode, { key: ['n'] });
      await load(plan, 'SELECT 1 AS n');
      const staged = [await stage(folder, 'sales', 'SELECT 2 AS n')];
      const publish = () => publishAs({ ...destination, folder }, 'same', [plan], staged);
      const first = await publish();
      expect(first[0]?.inserted).toBe(1);
      expect(await publish()).toEqual(first);
    },
  );

  test('a column without any value goes into a column of any type', async () => {
    const { load, read } = await place(destination);
    const merge = table('merge', { key: ['id'] });
    await load(merge, "SELECT 1 AS id, 1.5::DECIMAL(6,2) AS price, DATE '2025-01-02' AS day");
    await load(merge, 'SELECT 2 AS id, NULL::VARCHAR AS price, NULL::VARCHAR AS day');
    expect((await read()).map(({ id, price }) => [id, price && Number(price)])).toEqual([
      ['1', 1.5],
      ['2', null],
    ]);
  });

  test('a value that no column holds beside those that are there is refused, with both types; nothing is lost', async () => {
    const { load, read } = await place(destination);
    const merge = table('merge', { key: ['id'] });
    await load(merge, "SELECT 1::BIGINT AS id, DATE '2025-01-02' AS day, 7::BIGINT AS n");
    if (destination.kind !== 'sqlite')
      await expect(load(merge, "SELECT 2::BIGINT AS id, 'soon' AS day, 8::BIGINT AS n")).rejects.toMatchObject({
        type: 'DestinationMismatch',
        message: expect.stringContaining(
          'day: VARCHAR in the load, DATE in the table; 1 value does not go in',
        ) as string,
      });
    const frozen = { ...merge, freeze: true };
    await expect(load(frozen, 'SELECT 2::BIGINT AS id, 1.7::DECIMAL(6,2) AS n')).rejects.toMatchObject({
      type: 'DestinationMismatch',
      message: expect.stringContaining(
        'n: DECIMAL(6,2) in the load, BIGINT in the table; 1 value does not go in',
      ) as string,
    });
    await expect(load(frozen, 'SELECT 2::BIGINT AS id, 1 AS more')).rejects.toThrow(
      /its? structure is frozen|their structure is frozen/,
    );
    expect(await read()).toEqual([{ id: '1', day: '2025-01-02', n: '7' }]);
  });

  test('a column becomes wider only where a value asks for it', async () => {
    const { load, read } = await place(destination);
    const merge = table('merge', { key: ['id'] });
    await load(merge, 'SELECT 1 AS id, 7::BIGINT AS n');
    expect((await load(merge, "SELECT 2 AS id, '8' AS n WHERE false"))[0]?.ddl).toBeUndefined();
    const [wider] = await load(merge, 'SELECT 2 AS id, 1.75::DECIMAL(6,2) AS n');
    expect(wider?.ddl).toEqual([
      `ALTER TABLE "sales" ALTER COLUMN "n" TYPE ${WIDER[destination.kind] ?? 'DECIMAL(21,2)'}`,
    ]);
    await load(merge, "SELECT 3 AS id, '007' AS n");
    await load(merge, 'SELECT 4 AS id, 9::BIGINT AS n');
    const numbers = (await read()).map(({ id, n }) => [id, n]);
    expect(numbers.map(([id, n]) => [id, n === '007' ? n : Number(n)])).toEqual([
      ['1', 7],
      ['2', 1.75],
      ['3', '007'],
      ['4', 9],
    ]);
  });

  test('the key of a table may become wider, too', async () => {
    const { load, read } = await place(destination);
    const merge = table('merge', { key: ['id'], indexes: [] });
    await load(merge, "SELECT 1::BIGINT AS id, 'a' AS name");
    await load(merge, "SELECT 'x' AS id, 'b' AS name UNION ALL SELECT '1', 'c'");
    expect(await read()).toEqual(
      expect.arrayContaining([
        { id: '1', name: 'c' },
        { id: 'x', name: 'b' },
      ]),
    );
    await expect(load(merge, "SELECT 'x' AS id, 'b' AS name UNION ALL SELECT 'x', 'c'")).rejects.toThrow(/another row/);
  });

  test('a table of ours gains the columns it lacks, and keeps those that a load lacks', async () => {
    const { load, read } = await place(destination);
    const merge = table('merge', { key: ['id'] });
    await load(merge, "SELECT 1 AS id, 'a' AS old");
    await load(merge, "SELECT 2 AS id, 'x' AS new UNION ALL SELECT 1, 'y'");
    expect(await read()).toEqual(
      expect.arrayContaining([
        { id: '1', old: 'a', new: 'y' },
        { id: '2', old: null, new: 'x' },
      ]),
    );
  });

  test.each([
    ['twice', 'SELECT 1 AS id UNION ALL SELECT 1', '1 row of sales has'],
    ['missing', 'SELECT unnest([NULL, NULL])::INTEGER AS id', '2 rows of sales have'],
  ])('a key that is %s stops the load', async (_, query, told) => {
    const { load } = await place(destination);
    const breach = (mended: string): object => ({
      type: 'ContractBreach',
      what: `${told} a key that another row has too, or that is NULL.`,
      remedy: `mend the ${mended}, or name other columns as the key`,
    });
    const { from: _from, ...model } = table('merge', { key: ['id'] });
    await expect(load(model, query)).rejects.toMatchObject(breach('model or the source'));
    await expect(load({ ...model, from: 'source' }, query)).rejects.toMatchObject(breach('files'));
  });

  test('merging without a key is refused', async () => {
    const { load } = await place(destination);
    await expect(load(table('merge'), 'SELECT 1 AS id')).rejects.toMatchObject({ type: 'DefinitionInvalid' });
  });

  test('an overtaken load undoes nothing', async () => {
    const { load, read } = await place(destination);
    for (const mode of ['replace', 'merge'] as const) {
      const plan = table(mode, { key: ['id'] });
      await load(plan, `SELECT 1 AS id, '${mode}' AS by`, { requestedAt: '2026-01-02T00:00:00.000Z' });
      await expect(load(plan, "SELECT 1 AS id, 'late' AS by")).rejects.toMatchObject({ type: 'Superseded' });
      expect(await read()).toEqual([{ id: '1', by: mode }]);
    }
  });
});
