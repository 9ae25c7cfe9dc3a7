import { check, count, definePipeline, files, parquetFiles } from '../../workflows/definition/index.ts';

/** An instant in any of these spellings; without an offset it is one of the clocks of `timezone`. */
const instant = { type: 'timestamptz', formats: ['DD/MM/YYYY', 'DD/MM/YYYY HH:mm', 'DD/MM/YYYY HH:mm:ss', 'YYYYMMDD'] };
const requiredInstant = { ...instant, type: 'timestamptz!' };

/** Every table in a folder of its own; what a load does not hold stays. */
const dimension = (name: string) => parquetFiles(name, { mode: 'merge' });

export default definePipeline({
  summary: 'Orders with nested items become fact_order, dim_user and dim_product: Parquet, a folder a table and a day',
  inbox: 'ORDERS_INBOX',
  timezone: 'Europe/Madrid',
  sample: { asOf: '2026-01-31', made: ['large'] },
  sources: {
    orders: files('orders*', {
      columns: {
        order_id: 'text!',
        user_id: 'text!',
        created_at: requiredInstant,
        updated_at: instant,
        'items[].sku': 'text',
        'items[].qty': 'integer',
        'items[].price': 'decimal(18,4)',
      },
      contract: { missingColumns: 'evolve' },
      badRows: { failAbove: '50%' },
    }),
    users: files('users*', {
      columns: { user_id: 'text!', name: 'text', email: 'text', country: 'text', updated_at: instant },
      contract: { missingColumns: 'evolve' },
      badRows: { failAbove: '5%' },
    }),
    products: files('products*', {
      columns: { sku: 'text!', name: 'text', category: 'text', price: 'decimal(18,4)', updated_at: instant },
      contract: { missingColumns: 'evolve' },
      badRows: { failAbove: '5%' },
    }),
  },
  models: {
    orders: {
      key: ['order_id'],
      onePer: 'orders',
      since: 'changed_at',
      keepLatestBy: ['changed_at', 'version'],
      references: { user_id: 'dim_user.user_id' },
      badRows: { failAbove: '50%' },
      checks: [
        check.references('user_id', { name: 'unknown user', remedy: 'quarantine' }),
        check.that('least_qty >= 0', { name: 'negative quantity', remedy: 'quarantine' }),
        check.that('incomplete_items = 0', { name: 'item without sku, quantity or price', remedy: 'quarantine' }),
      ],
    },
    items: { key: ['order_id', 'item'] },
    fact_order: {
      key: ['order_id', 'item'],
      partOf: ['order_id'],
      keepLatestBy: ['changed_at', 'version'],
      references: { user_id: 'dim_user.user_id', sku: 'dim_product.sku' },
      checks: [check.references('sku', { name: 'fact_order: product exists', severity: 'warning' })],
      publish: [parquetFiles('./', { mode: 'merge', partitionBy: ['created_date'] })],
    },
    dim_user: {
      key: ['user_id'],
      keepLatestBy: ['updated_at', 'name', 'email', 'country'],
      publish: [dimension('dim_user')],
    },
    dim_product: {
      key: ['sku'],
      keepLatestBy: ['updated_at', 'name', 'category', 'price'],
      publish: [dimension('dim_product')],
    },
  },
  metrics: {
    input_orders: count.read('orders'),
    valid_orders: count.valid('orders'),
    deduped_orders: count.rows('orders'),
    items: count.rows('items'),
    dim_user: count.rows('dim_user'),
    dim_product: count.rows('dim_product'),
  },
});
