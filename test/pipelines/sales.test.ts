import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadExtension } from '../../activities/duckdb/extensions.ts';
import { literal } from '../../activities/duckdb/identifiers.ts';
import { withSession, type Session } from '../../activities/duckdb/session.ts';
import { makePlan } from '../../activities/plan/make-plan.ts';
import type { Plan } from '../../workflows/definition/index.ts';
import { plainCount, type Count } from './support/plain-count.ts';
import { runModels } from './support/sales-in-duckdb.ts';
import { salesContracts } from './support/sales-contracts.ts';

const pipelinesFolder = join(import.meta.dirname, '../../pipelines');
const view = await readFile(join(pipelinesFolder, 'sales/views/ventas/resumen_por_categoria.sql'), 'utf8');

let folder: string;
let plan: Plan;
const sample: Record<string, Count['rows']> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acequia-sales-'));
  const settings = {
    environment: 'dev',
    defaults: true,
    pipelinesFolder,
    lake: `file://${folder}/lake`,
    out: join(folder, 'out'),
    samples: join(folder, 'samples'),
    variables: {},
  };
  const work = { report: () => undefined, signal: new AbortController().signal };
  plan = await makePlan('sales', {}, '2030-01-01T00:00:00Z', settings, work);
  for (const [name, contract] of Object.entries(salesContracts)) {
    const text = await readFile(join(pipelinesFolder, 'sales/sample', `${name}.csv`), 'utf8');
    sample[name] = plainCount(text, contract).rows;
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The view as the API asks it: over a SQLite file that is attached and the default catalogue. */
async function askView(session: Session, file: string): Promise<unknown[]> {
  await loadExtension(session, 'sqlite_scanner');
  await session.run(`ATTACH ${literal(join(folder, file))} AS empresa (TYPE sqlite)`);
  await session.run('CREATE TABLE empresa.productos AS SELECT producto_id, nombre, categoria FROM productos');
  await session.run('CREATE TABLE empresa.ventas AS SELECT venta_id, producto_id, cantidad FROM ventas');
  await session.run('USE empresa');
  return session.rows(view);
}

describe('over the sample', () => {
  test('the plan takes its as-of date from the definition', () => {
    expect([plan.sample, plan.asOf]).toEqual([true, '2025-09-30']);
  });

  test('every table holds one row per good row', () =>
    withSession(undefined, async (session) => {
      await runModels(session, plan, sample);
      const rows = async (table: string) => session.count(`SELECT count(*) FROM ${table}`);
      expect([await rows('productos'), await rows('clientes')]).toEqual([10, 20]);
      expect([await rows('ventas'), await rows('inventario')]).toEqual([5407, 4900]);
    }));

  test('checks fail on what they should, and none of those blocks', () =>
    withSession(undefined, async (session) => {
      await runModels(session, plan, sample);
      const failed: Record<string, number> = {};
      for (const { name, sql, blocking, severity } of plan.checks) {
        const rows = await session.count(`SELECT count(*) FROM (${sql})`);
        if (rows > 0) failed[`${severity} ${name}`] = rows;
        if (rows > 0) expect(blocking).toBe(false);
      }
      expect(failed).toEqual({
        'warning ventas: no returns (quantity 0)': 23,
        'warning ventas: no sale is dated in the future': 1479,
        'error ventas: product exists': 456,
        'warning ventas: customer exists': 164,
      });
    }));

  test('the city of a sale is its customer’s, or unknown; amounts are exact', () =>
    withSession(undefined, async (session) => {
      await runModels(session, plan, sample);
      const cities = new Map(sample['clientes']?.map(({ cliente_id, ciudad }) => [cliente_id, ciudad]));
      const expected = new Map<string, { sales: number; cents: bigint }>();
      for (const { cliente_id, cantidad, precio_unitario } of sample['ventas'] ?? []) {
        const city = cities.get(cliente_id ?? '') ?? 'ciudad_desconocida';
        const { sales, cents } = expected.get(city) ?? { sales: 0, cents: 0n };
        const amount = BigInt(cantidad ?? '') * BigInt((precio_unitario ?? '').replace('.', ''));
        expected.set(city, { sales: sales + 1, cents: cents + amount });
      }
      const found = await session.rows<{ ciudad: string; sales: string; cents: string }>(
        `SELECT ciudad, count(*) AS sales, CAST(sum(importe) * 100 AS BIGINT) AS cents FROM ventas GROUP BY ciudad`,
      );
      expect(found).toHaveLength(21);
      expect(
        new Map(found.map(({ ciudad, sales, cents }) => [ciudad, { sales: +sales, cents: BigInt(cents) }])),
      ).toEqual(expected);
      expect(expected.get('ciudad_desconocida')?.sales).toBe(164);
    }));

  test('the view gives units by category in the catalogue’s order', () =>
    withSession(undefined, async (session) => {
      await runModels(session, plan, sample);
      expect(await askView(session, 'sample.db')).toEqual([
        { categoria: 'Electronicos', unidades: '2957' },
        { categoria: 'Ropa', unidades: '3042' },
        { categoria: 'Accesorios', unidades: '2942' },
        { categoria: 'Almacenamiento', unidades: '988' },
      ]);
    }));

  test('the view’s units are 64-bit integers', () =>
    withSession(undefined, async (session) => {
      await runModels(session, plan, sample);
      await session.run(`CREATE TABLE answer AS ${view}`);
      expect(await session.rows('SELECT DISTINCT typeof(unidades) AS type FROM answer')).toEqual([{ type: 'BIGINT' }]);
    }));
});

/** One product of each category and one customer; what a test changes is one sale. */
const one = {
  productos: [
    { producto_id: '8', nombre: 'Gafas', categoria: 'Zeta', precio: '2.00' },
    { producto_id: '9', nombre: 'Disco', categoria: 'Alfa', precio: '3.00' },
  ],
  clientes: [{ cliente_id: '1', nombre: 'Ana', ciudad: 'Lugo', email: null, fecha_alta: '2024-01-01' }],
  inventario: [{ producto_id: '8', almacen: 'Madrid', fecha: '2025-01-01', stock: '0' }],
};
const sale = {
  venta_id: '1',
  fecha: '2025-09-30',
  cliente_id: '1',
  producto_id: '8',
  cantidad: '2',
  precio_unitario: '2.00',
};

async function failing(changed: Record<string, Count['rows']>): Promise<string[]> {
  return withSession(undefined, async (session) => {
    await runModels(session, plan, { ...one, ventas: [sale], ...changed });
    const failed: string[] = [];
    for (const { name, sql, blocking, severity } of plan.checks) {
      const rows = await session.count(`SELECT count(*) FROM (${sql})`);
      if (rows > 0) failed.push(`${severity}${blocking ? ', blocks' : ''}: ${name}`);
    }
    return failed;
  });
}

describe('over single rows', () => {
  test('sound data passes every check, a sale on the as-of date included', async () => {
    expect(await failing({})).toEqual([]);
  });

  test.each([
    [{ cantidad: '-1' }, 'error, blocks: ventas: quantity is not negative'],
    [{ cantidad: '0' }, 'warning: ventas: no returns (quantity 0)'],
    [{ precio_unitario: '-0.01' }, 'error, blocks: ventas: price is not negative'],
    [{ fecha: '2025-10-01' }, 'warning: ventas: no sale is dated in the future'],
    [{ producto_id: '10' }, 'error: ventas: product exists'],
    [{ cliente_id: '2' }, 'warning: ventas: customer exists'],
  ])('a sale with %o', async (change, expected) => {
    expect(await failing({ ventas: [{ ...sale, ...change }] })).toEqual([expected]);
  });

  test('a venta_id that comes twice', async () => {
    expect(await failing({ ventas: [sale, sale] })).toEqual([
      'critical, blocks: ventas: venta_id is unique and never empty',
    ]);
  });

  test('prices, stock and products of the other tables', async () => {
    const [glasses, disk] = one.productos;
    const [count] = one.inventario;
    expect(await failing({ productos: [{ ...glasses, precio: '-1.00' }] as Count['rows'] })).toEqual([
      'error, blocks: productos: price is not negative',
    ]);
    expect(disk).toBeDefined();
    expect(await failing({ inventario: [{ ...count, stock: '-1' }] as Count['rows'] })).toEqual([
      'error, blocks: inventario: stock is not negative',
    ]);
    expect(await failing({ inventario: [{ ...count, producto_id: '7' }] as Count['rows'] })).toEqual([
      'error: inventario: product exists',
    ]);
  });

  test('a sale without a customer, and a customer without a city, keep the sale', () =>
    withSession(undefined, async (session) => {
      const clientes = [{ ...one.clientes[0], ciudad: null }] as Count['rows'];
      const ventas = [sale, { ...sale, venta_id: '2', cliente_id: null }];
      await runModels(session, plan, { ...one, clientes, ventas });
      expect(await session.rows('SELECT venta_id, ciudad FROM ventas ORDER BY venta_id')).toEqual([
        { venta_id: '1', ciudad: 'ciudad_desconocida' },
        { venta_id: '2', ciudad: 'ciudad_desconocida' },
      ]);
    }));

  test('an amount too long for 15 digits is an error, not a rounded number', () =>
    withSession(undefined, async (session) => {
      const ventas = [{ ...sale, cantidad: '9007199254740993', precio_unitario: '0.01' }];
      await expect(runModels(session, plan, { ...one, ventas })).rejects.toThrow(/DECIMAL\(15,2\)/);
    }));

  test('the view orders categories by product, not by name, and shows those without sales', () =>
    withSession(undefined, async (session) => {
      await runModels(session, plan, { ...one, ventas: [sale, { ...sale, venta_id: '2', producto_id: '11' }] });
      expect(await askView(session, 'one.db')).toEqual([
        { categoria: 'Zeta', unidades: '2' },
        { categoria: 'Alfa', unidades: '0' },
      ]);
    }));
});
