import { beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../workflows/receipt.ts';
import { receiptOf } from '../support/command.ts';
import { askSqlite } from '../support/staged.ts';
import { useDev, useHome } from './support/home.ts';
import { copySample, edit, type SourceName } from './support/sample.ts';
import { run } from './support/typed.ts';

const home = useHome();
useDev(home);

const inbox = (): string => home.beside('inbox');
let flags: readonly string[];
let before: Receipt;

async function runInbox(): Promise<Receipt> {
  const { exitCode, stdout, stderr } = await run(home.path, ['start-workflow', 'sales', '--json', ...flags]);
  expect(exitCode, stderr).toBe(0);
  return receiptOf(stdout);
}

beforeAll(async () => {
  flags = [...copySample(inbox()), '--any-age'];
  before = await runInbox();
  expect(before.run).toMatchObject({ sample: false, asOf: '2025-09-30' });
});

/** One byte each; a customer's city stands in their sales too. */
test.each<[SourceName, string, string, string[], string, string]>([
  ['productos', 'Electronicos,749.00', 'Electronicos,740.00', ['productos'], 'productos WHERE precio = 740', '1'],
  [
    'clientes',
    'Ibáñez,Madrid',
    'Ibáñez,Padrid',
    ['clientes', 'ventas'],
    "ventas WHERE (cliente_id IS 1) <> (ciudad = 'Padrid')",
    '0',
  ],
  [
    'ventas',
    '1,01-01-2024,cli003,prod007,2,',
    '1,01-01-2024,cli003,prod007,7,',
    ['ventas'],
    'ventas WHERE venta_id = 1 AND cantidad = 7',
    '1',
  ],
  [
    'inventario',
    'prod001,Madrid,2023-11-06,79',
    'prod001,Madrid,2023-11-06,70',
    ['inventario'],
    "inventario WHERE producto_id = 1 AND almacen = 'Madrid' AND fecha = '2023-11-06' AND stock = 70",
    '1',
  ],
])(
  'one byte changed in %s.csv (%s → %s) changes %j and nothing else',
  async (source, from, to, tables, there, rows) => {
    edit(inbox(), source, from, to);
    const after = await runInbox();
    edit(inbox(), source, to, from);

    const digests = ({ sources }: Receipt) => Object.fromEntries(sources.map(({ name, digest }) => [name, digest]));
    const { [source]: old, ...others } = digests(before);
    const { [source]: changed, ...same } = digests(after);
    expect(changed).not.toBe(old);
    expect(same).toEqual(others);

    const tableOf = (receipt: Receipt, name: string) => receipt.tables.find((table) => table.name === name);
    for (const { name, digest } of after.tables) {
      if (tables.includes(name)) expect(tableOf(before, name)?.digest, name).not.toBe(digest);
      else expect(tableOf(before, name)?.digest, name).toBe(digest);
    }
    expect(await askSqlite(home.database, `SELECT count(*) AS n FROM ${there}`)).toEqual([{ n: rows }]);
  },
);
