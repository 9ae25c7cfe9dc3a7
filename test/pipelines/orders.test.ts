import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { useTimeSkipping } from '../support/time-skipping.ts';
import { OrdersShop } from './support/orders-shop.ts';

const time = useTimeSkipping();

interface Order {
  readonly order_id?: unknown;
  readonly user_id?: unknown;
  readonly created_at?: unknown;
  readonly updated_at?: unknown;
  readonly items?: unknown;
}

const BOOK = { sku: 'BOOK', qty: 2, price: 12.5 };
const order = (more: Order = {}): Order => ({
  ...{ order_id: 'o1', user_id: 'u1', created_at: '2026-01-15T10:00:00Z', items: [BOOK] },
  ...more,
});
const lines = (orders: readonly unknown[]): string => orders.map((one) => `${JSON.stringify(one)}\n`).join('');

async function shopWith(orders: string): Promise<OrdersShop> {
  const shop = await OrdersShop.make(time);
  await shop.deliver(orders);
  return shop;
}

test('the shipped sample: metrics.json has exactly these counts, a folder a table and a day', async () => {
  const shop = await OrdersShop.make(time);
  const receipt = await shop.run({ sample: 'small' });
  expect(receipt).toMatchObject({ accounted: true, error: null, run: { outcome: 'warned', asOf: '2026-02-28' } });
  const metrics = JSON.parse(await readFile(shop.out('metrics.json'), 'utf8')) as unknown;
  expect(metrics).toStrictEqual({
    input_orders: 3,
    valid_orders: 2,
    deduped_orders: 2,
    items: 2,
    dim_user: 2,
    dim_product: 3,
  });
  expect(receipt.metrics).toEqual(metrics);
  expect([...(await shop.files()).keys()]).toEqual([
    'created_date=2026-01-15/fact_order.parquet',
    'created_date=2026-01-16/fact_order.parquet',
  ]);
  expect([...(await shop.files('dim_user')).keys(), ...(await shop.files('dim_product')).keys()]).toEqual([
    'dim_user.parquet',
    'dim_product.parquet',
  ]);
});

test('every invalid order is quarantined with its reason, and all are counted', async () => {
  const shop = await shopWith(
    lines([
      order({ order_id: 'good' }),
      order({ order_id: undefined }),
      order({ order_id: 'no-date', created_at: '' }),
      order({ order_id: 'no-day', created_at: '2026-02-30' }),
      order({ order_id: 'stranger', user_id: 'nobody' }),
      order({ order_id: 'minus', items: [BOOK, { ...BOOK, qty: -1 }] }),
      order({ order_id: 'no-list', items: 'BOOK' }),
      order({ order_id: 'one-item', items: BOOK }),
      order({ order_id: 'number', items: [5] }),
      order({ order_id: 'dear', items: [{ ...BOOK, price: 'dear' }] }),
      order({ order_id: 'no-sku', items: [{ qty: 1, price: 1 }] }),
      42,
    ]),
  );
  const receipt = await shop.run();
  expect(receipt.run.outcome).toBe('blocked');
  const reasons = [...receipt.sources, ...receipt.tables].flatMap((one) => one.reasons.map(({ reason }) => reason));
  expect(reasons.sort()).toEqual([
    'created_at: blank where a value is required',
    'created_at: unreadable timestamp with zone',
    'item without sku, quantity or price',
    'items: a list is expected',
    'items[].price: not a decimal(18,4)',
    'items[]: an object is expected',
    'negative quantity',
    'not an object',
    'order_id: blank where a value is required',
    'unknown user',
  ]);
  expect(receipt.accounted).toBe(true);
  expect(await shop.files()).toEqual(new Map());
});

test('prices as texts and numbers, items without end, an order without items, dates of every kind', async () => {
  const many = Array.from({ length: 100_000 }, (_, i) => ({ sku: 'PEN', qty: 1, price: `0.${1 + (i % 9)}` }));
  const shop = await shopWith(
    lines([
      order({ order_id: 'text', items: [{ ...BOOK, price: '12.5000' }] }),
      order({ order_id: 'many', items: many }),
      order({ order_id: 'none', items: [] }),
      order({ order_id: 'null', items: null }),
      order({ order_id: 'day', created_at: '15/01/2026', items: [] }),
      order({ order_id: 'clock', created_at: '2026-07-15T00:30', items: [] }),
      order({ order_id: 'offset', created_at: '2026-01-15T23:30:00-05:00', items: [] }),
    ]),
  );
  const receipt = await shop.run();
  expect(receipt).toMatchObject({ accounted: true, error: null, run: { outcome: 'succeeded' } });
  expect(receipt.metrics).toMatchObject({ input_orders: 7, deduped_orders: 7, items: 100_001 });
  const select = 'order_id, count(*), min(created_at)::VARCHAR, min(created_date)::VARCHAR, sum(amount)::VARCHAR';
  expect(await shop.rows('fact_order', select, 'GROUP BY order_id')).toEqual([
    '["clock","1","2026-07-14 22:30:00+00","2026-07-14",null]',
    '["day","1","2026-01-14 23:00:00+00","2026-01-14",null]',
    '["many","100000","2026-01-15 10:00:00+00","2026-01-15","49999.6000"]',
    '["none","1","2026-01-15 10:00:00+00","2026-01-15",null]',
    '["null","1","2026-01-15 10:00:00+00","2026-01-15",null]',
    '["offset","1","2026-01-16 04:30:00+00","2026-01-16",null]',
    '["text","1","2026-01-15 10:00:00+00","2026-01-15","25.0000"]',
  ]);
});

test('--since writes the days that change, each once, and no other; again it changes nothing; a late order lands in its own day', async () => {
  const days = ['2026-01-01', '2026-01-02', '2026-01-03'];
  const first = days.map((day, i) => order({ order_id: `o${i}`, created_at: `${day}T10:00:00Z` }));
  const shop = await shopWith(lines(first));
  await shop.run();
  const before = await shop.files();
  expect(before.size).toBe(3);
  // One order of the second day was changed on the tenth, and one of the first day comes late.
  const changed = order({ ...first[1], updated_at: '2026-01-10T10:00:00Z', items: [{ ...BOOK, qty: 7 }] });
  const late = order({ order_id: 'late', created_at: '2026-01-01T09:00:00Z', updated_at: '2026-01-11' });
  await shop.deliver(lines([...first, changed, late]));
  const receipt = await shop.run({ since: '2026-01-10' });
  expect(receipt).toMatchObject({ accounted: true, run: { outcome: 'succeeded' } });
  expect(receipt.tables.find(({ name }) => name === 'orders')).toMatchObject({ rows: 2, filtered: 3 });
  expect(receipt.tables.find(({ name }) => name === 'fact_order')).toMatchObject({
    inserted: 1,
    updated: 1,
    removed: 0,
  });
  const after = await shop.files();
  expect([...after.keys()]).toEqual([...before.keys()]);
  const rewritten = [...after]
    .filter(([name, written]) => before.get(name) !== written)
    .map(([name]) => name.slice(0, 23));
  expect(rewritten).toEqual(['created_date=2026-01-01', 'created_date=2026-01-02']);
  await shop.run({ since: '2026-01-10' });
  await shop.run();
  expect(await shop.files()).toEqual(after);
});

test('an order that loses items or moves to another day leaves nothing behind', async () => {
  const shop = await shopWith(lines([order({ items: [BOOK, BOOK, BOOK] }), order({ order_id: 'o2' })]));
  await shop.run();
  const moved = order({ created_at: '2026-01-20', updated_at: '2026-01-21', items: [BOOK] });
  await shop.deliver(lines([moved]));
  const receipt = await shop.run();
  expect(receipt.tables.find(({ name }) => name === 'fact_order')).toMatchObject({ rows: 1, updated: 1, removed: 2 });
  expect(await shop.rows('fact_order', 'order_id, item, created_date::VARCHAR')).toEqual([
    '["o1","1","2026-01-19"]',
    '["o2","1","2026-01-15"]',
  ]);
});

test('an empty file of orders: nothing is read, nothing that is there is touched', async () => {
  const shop = await shopWith(lines([order()]));
  await shop.run();
  const before = await shop.rows();
  await shop.deliver('');
  await shop.run().catch(() => undefined);
  expect(await shop.rows()).toEqual(before);
});

const version = fc.record(
  {
    order_id: fc.constantFrom('o1', 'o2', 'o3'),
    user_id: fc.constantFrom('u1', 'u2', 'nobody'),
    created_at: fc.constantFrom('2026-01-15', '2026-01-16T10:00:00Z', '17/01/2026 09:30'),
    updated_at: fc.constantFrom('2026-01-20', '2026-01-21T00:00:00Z', null),
    items: fc.array(
      fc.record({
        sku: fc.constantFrom('BOOK', 'PEN', 'OTHER'),
        qty: fc.integer({ min: -1, max: 4 }),
        price: fc.constantFrom(1, 2.5, '3.75'),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['order_id', 'user_id', 'created_at', 'items'] },
);

test('load(a), then load(b), is load(a ∪ b)', async () => {
  const deliveries = fc.array(version, { minLength: 1, maxLength: 6 });
  // Good ones enough that no delivery is stopped for its bad rows.
  const good = Array.from({ length: 8 }, (_, i) => order({ order_id: `g${i}` }));
  await fc.assert(
    fc.asyncProperty(deliveries, deliveries, async (a, b) => {
      const apart = await shopWith(lines([...good, ...a]));
      await apart.run();
      await apart.deliver(lines([...good, ...b]));
      await apart.run();
      const together = await shopWith(lines([...good, ...a, ...b]));
      await together.run();
      expect(await apart.rows()).toEqual(await together.rows());
    }),
    { numRuns: 3 },
  );
});
