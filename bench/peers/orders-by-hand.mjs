// What one writes who trusts the data: node bench/peers/orders-by-hand.mjs <folder with orders> <folder for the result>
import { DuckDBInstance } from '@duckdb/node-api';

const [from, to] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const session = await instance.connect();
await session.run("SET TimeZone = 'UTC'");
await session.run(`CREATE TABLE users AS FROM read_csv('${from}/users.csv')`);
await session.run(`CREATE TABLE products AS FROM read_json('${from}/products.json')`);
await session.run(`CREATE TABLE orders AS
  SELECT order_id, user_id, items,
    coalesce(TRY_CAST(created_at AS TIMESTAMPTZ), try_strptime(created_at, '%d/%m/%Y %H:%M')::TIMESTAMPTZ) AS created_at
  FROM read_json('${from}/orders.jsonl', format = 'newline_delimited', ignore_errors = true, columns = {
    order_id: 'VARCHAR', user_id: 'VARCHAR', created_at: 'VARCHAR', updated_at: 'TIMESTAMPTZ',
    items: 'STRUCT(sku VARCHAR, qty BIGINT, price DECIMAL(18,4))[]' })
  WHERE order_id IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY updated_at DESC NULLS LAST) = 1`);
await session.run(`COPY (
  SELECT o.order_id, o.item, o.user_id, u.country AS user_country, o.one.sku, p.category, o.one.qty, o.one.price,
    o.one.qty * o.one.price AS amount, o.created_at, o.created_at::DATE AS created_date
  FROM (SELECT *, unnest(items) AS one, generate_subscripts(items, 1) AS item FROM orders) AS o
  LEFT JOIN users AS u ON u.user_id = o.user_id
  LEFT JOIN products AS p ON p.sku = o.one.sku
) TO '${to}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (created_date), OVERWRITE_OR_IGNORE)`);
