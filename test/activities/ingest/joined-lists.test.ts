import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import { stagedRows } from '../../../activities/duckdb/staged-tables.ts';
import { ingestSource } from '../../../activities/ingest/ingest-source.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { SourcePlan } from '../../../workflows/definition/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { requestFor } from './ingest-bytes.ts';

const ORDERS = [
  {
    id: 'a',
    items: [
      { sku: 'x', tags: ['new', 'red'] },
      { sku: 'y', tags: ['old'] },
    ],
  },
  { id: 'b', items: [{ sku: 'z', tags: ['red'] }] },
  { id: 'c', items: [] },
];
const TAGS = ['a x new', 'a x red', 'a y old', 'b z red'];

const XML = `<orders>${ORDERS.map(
  ({ id, items }) =>
    `<order><id>${id}</id>${items
      .map(({ sku, tags }) => `<items><sku>${sku}</sku>${tags.map((tag) => `<tags>${tag}</tags>`).join('')}</items>`)
      .join('')}</order>`,
).join('\n')}</orders>`;

/** The tags of every item of every order, as one who reads the tables joins them. */
async function joined(path: string, parent: string, source: Partial<SourcePlan> = {}): Promise<string[]> {
  const folder = await temporaryFolder();
  const contract = { newColumns: 'evolve', missingColumns: 'freeze', types: 'evolve' } as const;
  const request = requestFor(folder, {}, { kind: 'files', path, contract, failAbove: 1, ...source });
  const { tables } = await ingestSource(request, quietWork());
  const lake = openLake(request.lake);
  const table = (name: string): Promise<string> =>
    stagedRows(
      lake,
      tables.find((one) => one.name.endsWith(name))!,
    );
  return withSession(undefined, async (session) => {
    const rows = await session.rows<{ tag: string }>(`
      SELECT concat_ws(' ', o.id, i.sku, t.value) AS tag
      FROM ${await stagedRows(lake, tables[0]!)} o
      JOIN ${await table('_items')} i ON i._parent = ${parent}
      JOIN ${await table('_items_tags')} t ON t._parent = i._parent || '.' || i._position
      ORDER BY ALL`);
    return rows.map(({ tag }) => tag);
  });
}

async function writeOrders(name: string): Promise<string> {
  const folder = join(await temporaryFolder(), 'in');
  await mkdir(folder);
  const path = join(folder, name);
  if (name.endsWith('.xml')) await writeFile(path, XML);
  else if (name.endsWith('.json')) await writeFile(path, JSON.stringify(ORDERS));
  else {
    const lines = join(folder, '..', 'orders.jsonl');
    await writeFile(lines, ORDERS.map((order) => `${JSON.stringify(order)}\n`).join(''));
    if (name.endsWith('.jsonl')) return lines;
    await withSession(undefined, (session) => session.run(`COPY (FROM read_json('${lines}')) TO '${path}'`));
  }
  return path;
}

const FILES = ['orders.json', 'orders.jsonl', 'orders.xml', 'orders.parquet'];

test.each(FILES)('%s: lists are joined to records without a key by what these are called', async (name) => {
  expect(await joined(await writeOrders(name), 'o._row')).toEqual(TAGS);
});

test.each(FILES)('%s: with a key, by the key', async (name) => {
  const path = await writeOrders(name);
  expect(await joined(path, 'o.id', { key: ['id'] })).toEqual(TAGS);
  await expect(joined(path, 'o._row', { key: ['id'] })).rejects.toThrow('_row');
});
