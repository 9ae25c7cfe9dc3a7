import { expect, test } from 'vitest';
import type { Receipt } from '../../workflows/receipt.ts';
import { receiptOf } from '../support/command.ts';
import { askSqlite } from '../support/staged.ts';
import { expectNothingLeft, useHome } from './support/home.ts';
import { npmRun, startTyped, type Ended } from './support/typed.ts';

const home = useHome();
let first: Promise<Ended> | undefined;

/** The very command of the README, run once. */
function published(): Promise<Ended> {
  first ??= npmRun(home.path, ['start-workflow', '--env', 'dev']);
  return first;
}

async function ask(query: string): Promise<unknown[]> {
  await published();
  return (await askSqlite(home.database, query)).map((row) => Object.values(row));
}

test('npm run start-workflow --env dev: what it shows at its end', async () => {
  const { exitCode, stdout, stderr } = await published();
  expect(exitCode, stderr).toBe(0);
  const receipt = 'lake/receipts/sales/RUN.json';
  const shown = stdout
    .replaceAll(home.path, 'HOME')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'RUN')
    .replace(/127\.0\.0\.1:\d+/, 'HOST')
    .replace(/(quarantine show )[0-9a-f]{8} /, '$1SHORT ')
    .replace(/(duration +)[\d.]+ s/, '$1T s');
  expect(shown.slice(shown.indexOf('┌'))).toBe(
    `
┌────────────┬───────┬────────┬─────────────┐
│ table      │  read │ loaded │ quarantined │
├────────────┼───────┼────────┼─────────────┤
│ productos  │    10 │     10 │           0 │
│ clientes   │    20 │     20 │           0 │
│ ventas     │ 5,500 │  5,407 │          93 │
│ inventario │ 5,000 │  4,900 │         100 │
└────────────┴───────┴────────┴─────────────┘
quarantined  ventas: 27 × duplicate venta_id, 22 × fecha: unreadable date, 13 × cantidad: blank where a value is required, …
quarantined  inventario: 40 × duplicate producto_id, almacen, fecha, 16 × fecha: unreadable date, 14 × stock: blank where a value is required, …
checks       31 of 37 passed, 6 failed: 1 error, 5 warnings
  ! warning  ventas: bad rows: 93 of 5,500 rows quarantined (1.7 %, limit 5 %)
  ! warning  inventario: bad rows: 100 of 5,000 rows quarantined (2 %, limit 5 %)
  ! warning  ventas: no returns (quantity 0): 23 rows: venta_id=193, venta_id=231, venta_id=302, venta_id=558, venta_id=834, …
  ! warning  ventas: no sale is dated in the future: 1,479 rows: venta_id=3978, venta_id=3979, venta_id=3980, venta_id=3981, venta_id=3982, …
  ! error    ventas: product exists: 456 rows: (venta_id=9, producto_id=11), (venta_id=20, producto_id=11), …
  ! warning  ventas: customer exists: 164 rows: (venta_id=65, cliente_id=22), (venta_id=136, cliente_id=21), …
duration     T s
run          http://HOST/namespaces/default/workflows/sales-dev/RUN/history
             (while \`npm run dev\` is up)
receipt      HOME/dev/${receipt}
result       HOME/dev/out/sales/empresa.db
sales: needs attention: published, 6 of 37 checks failed
cause: ventas: product exists: 456 rows; ventas: no sale is dated in the future: 1,479 rows; ventas: customer exists: 164 rows; and 3 more
next:  npm run acequia -- quarantine show SHORT   shows the quarantined rows; the query behind each check is named in HOME/dev/${receipt}
`.trim(),
  );
});

test('standard error tells the run as a story, one line for each step, and nothing else', async () => {
  const { stderr } = await published();
  const lines = stderr
    .split('\n')
    .filter((line) => !/^(npm warn|set-up:|alert: )/.test(line))
    .map((line) => line.replace(/127\.0\.0\.1:\d+/, 'HOST').replace(/(\/workflows\/sales-dev\/).*/, '$1RUN'));
  expect(lines.slice(0, 5)).toEqual([
    'started an embedded Temporal server at HOST; it stops when nobody uses it any more',
    'no worker polls acequia-dev; starting one in this process',
    'sales: http://HOST/namespaces/default/workflows/sales-dev/RUN',
    'sales: plan started',
    expect.stringMatching(/^sales: plan done: [\d.]+ s$/),
  ]);
  expect(lines.slice(5).filter((line) => !/^sales: [\w. ]+ (started|done.*)$/.test(line))).toEqual([]);
  const alerts = stderr.split('\n').filter((line) => line.startsWith('alert: '));
  expect(alerts).toHaveLength(6);
  expect(alerts).toContain(
    'alert: ERROR sales: ventas: product exists: 456 rows: (venta_id=9, producto_id=11), (venta_id=20, producto_id=11), …',
  );
  await expectNothingLeft(home.path);
});

test('the figures come out of empresa.db itself', async () => {
  const counts = ['productos', 'clientes', 'ventas', 'inventario'].map((table) => `(SELECT count(*) FROM ${table})`);
  expect(await ask(`SELECT ${counts.map((count, index) => `${count} AS c${index}`).join(', ')}`)).toEqual([
    ['10', '20', '5407', '4900'],
  ]);
  expect(await ask("SELECT count(*) AS n FROM ventas WHERE fecha > '2025-09-30'")).toEqual([['1479']]);
  const unknown = 'FROM ventas v LEFT JOIN productos p USING (producto_id) WHERE p.producto_id IS NULL';
  expect(await ask(`SELECT v.producto_id, count(*) AS n ${unknown} GROUP BY 1`)).toEqual([['11', '456']]);
});

test('every date is YYYY-MM-DD, every id a number, every sale has a city', async () => {
  const dates = ['ventas.fecha', 'inventario.fecha', 'clientes.fecha_alta'].map((column) => {
    const [table = '', name = ''] = column.split('.');
    return `SELECT '${column}' AS c, ${name} AS d FROM ${table}`;
  });
  expect(await ask(`SELECT * FROM (${dates.join(' UNION ALL ')}) WHERE d IS NULL OR d IS NOT date(d)`)).toEqual([]);
  const ids = 'SELECT producto_id AS id FROM productos UNION ALL SELECT producto_id FROM ventas';
  expect(await ask(`SELECT DISTINCT typeof(id) AS t FROM (${ids})`)).toEqual([['integer']]);
  expect(
    await ask(`SELECT count(*) FILTER (WHERE v.ciudad IS NULL) AS none,
        count(*) FILTER (WHERE c.cliente_id IS NULL AND v.ciudad <> 'ciudad_desconocida') AS invented,
        count(*) FILTER (WHERE c.cliente_id IS NOT NULL AND v.ciudad <> coalesce(c.ciudad, 'ciudad_desconocida')) AS other,
        count(*) FILTER (WHERE c.cliente_id IS NULL AND v.cliente_id IS NOT NULL) AS unknown
      FROM ventas v LEFT JOIN clientes c USING (cliente_id)`),
  ).toEqual([['0', '0', '0', '164']]);
});

test('SQLite itself knows the primary keys, the foreign keys and the indexes', async () => {
  expect(
    await ask(`SELECT m.name AS t, group_concat(i.name) AS k FROM sqlite_schema m, pragma_table_info(m.name) i
      WHERE m.type = 'table' AND i.pk > 0 AND m.name NOT LIKE '\\_%' ESCAPE '\\' GROUP BY 1 ORDER BY 1`),
  ).toEqual([
    ['clientes', 'cliente_id'],
    ['inventario', 'producto_id,almacen,fecha'],
    ['productos', 'producto_id'],
    ['ventas', 'venta_id'],
  ]);
  expect(
    await ask(`SELECT m.name AS t, k."from" AS c, k."table" AS o FROM sqlite_schema m, pragma_foreign_key_list(m.name) k
      WHERE m.type = 'table' ORDER BY 1, 2`),
  ).toEqual([
    ['inventario', 'producto_id', 'productos'],
    ['ventas', 'cliente_id', 'clientes'],
    ['ventas', 'producto_id', 'productos'],
  ]);
  expect(
    await ask(
      "SELECT tbl_name AS t, count(*) AS n FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL GROUP BY 1 ORDER BY 1",
    ),
  ).toEqual([
    ['clientes', '1'],
    ['inventario', '3'],
    ['productos', '1'],
    ['ventas', '4'],
  ]);
});

test('acequia api serves the units by category, and its OpenAPI document', async () => {
  await published();
  const api = startTyped(home.path, ['node', 'infra/setup/launch.mjs', 'api']);
  await api.said(/API +http:\S+/);
  const url = /API +(http:\S+)/.exec(api.output())?.[1] ?? '';
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  const answer = await fetch(`${url}/ventas/resumen_por_categoria`);
  expect(await answer.text()).toBe('{"Electronicos":2957,"Ropa":3042,"Accesorios":2942,"Almacenamiento":988}');
  expect(Object.keys(((await (await fetch(`${url}/openapi.json`)).json()) as { paths: object }).paths)).toContain(
    '/ventas/resumen_por_categoria',
  );
  const { exitCode, stdout } = await api.interrupt();
  expect([exitCode, stdout.split('\n').at(-1)]).toEqual([0, 'stopped']);
  await expect(fetch(url)).rejects.toThrow();
});

test('once more: nothing has changed, the sums close, and standard output is one JSON document', async () => {
  await published();
  const { exitCode, stdout } = await npmRun(home.path, [
    '--silent',
    'start-workflow',
    'sales',
    '--env',
    'dev',
    '--json',
  ]);
  expect(exitCode).toBe(0);
  const receipt: Receipt = receiptOf(stdout);
  expect(receipt.accounted).toBe(true);
  expect(receipt.run).toMatchObject({ outcome: 'warned', asOf: '2025-09-30', sample: true, options: {} });
  for (const { name, read, staged, quarantined, reasons } of receipt.sources) {
    expect(staged + quarantined, name).toBe(read);
    expect(
      reasons.reduce((sum, { rows }) => sum + rows, 0),
      name,
    ).toBe(quarantined);
    const table = receipt.tables.find((candidate) => candidate.source === name);
    expect(table, name).toMatchObject({ rows: staged, unchanged: staged, inserted: 0, updated: 0, removed: 0 });
    expect(await ask(`SELECT count(*) AS n FROM ${name}`)).toEqual([[String(staged)]]);
  }
});
