import { createServer, type AddressInfo } from 'node:net';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { declaredViews, type DeclaredView } from '../../../client/api/declared-views.ts';
import { serveApi } from '../../../client/api/serve.ts';
import { buildApi } from '../../../client/api/server.ts';
import { projectRoot } from '../../../infra/setup/inventory.mjs';

let folder: string;
let database: string;
let app: FastifyInstance;

const views = (): DeclaredView[] => [
  view('units/by_category', 'SELECT category, sum(units) FROM sold GROUP BY category ORDER BY 2 DESC', 'object'),
  view('sold', 'SELECT * FROM sold ORDER BY units'),
  view(
    'big',
    "SELECT 9007199254740993::HUGEINT AS beyond, 12::DECIMAL(4,0) AS whole, 1.50::DECIMAL(4,2) AS price, DATE '2025-01-02' AS day",
  ),
  view('broken', 'SELECT nothing FROM nowhere'),
];
const view = (name: string, sql: string, as: 'rows' | 'object' = 'rows'): DeclaredView => {
  return { pipeline: 'shop', name, sql, database, as, summary: `summary of ${name}` };
};

/** A real SQLite file, as publishing makes one. */
async function publish(path: string, rows: string): Promise<void> {
  await withSession(undefined, async (session) => {
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH ${literal(path)} AS made (TYPE sqlite)`);
    await session.run('CREATE TABLE IF NOT EXISTS made.sold (category VARCHAR, units BIGINT)');
    await session.run(`DELETE FROM made.sold`);
    await session.run(`INSERT INTO made.sold VALUES ${rows}`);
    await session.run('DETACH made');
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acequia-api-'));
  database = join(folder, "o'ut", 'shop.db');
  await mkdir(dirname(database), { recursive: true });
  app = await buildApi(views());
});

beforeEach(async () => {
  await rm(database, { force: true });
  await publish(database, "('Books', 2), ('Books', 3), ('Toys', 1)");
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const get = async (url: string) => {
  const { statusCode, body, headers } = await app.inject({ url });
  return { status: statusCode, json: JSON.parse(body) as unknown, type: headers['content-type'] };
};

test('a view answers from the published database, as object or as rows', async () => {
  expect(await get('/units/by_category')).toMatchObject({ status: 200, json: { Books: 5, Toys: 1 } });
  expect((await get('/sold')).json).toEqual([
    { category: 'Toys', units: 1 },
    { category: 'Books', units: 2 },
    { category: 'Books', units: 3 },
  ]);
});

test('numbers are JSON numbers while they stay exact, else text digit for digit', async () => {
  expect((await get('/big')).json).toEqual([
    { beyond: '9007199254740993', whole: 12, price: '1.50', day: '2025-01-02' },
  ]);
});

test('the answer is always that of the last publish: changed in place, or another file in its place', async () => {
  await get('/units/by_category');
  await publish(database, "('Books', 7)");
  expect((await get('/units/by_category')).json).toEqual({ Books: 7 });
  await publish(`${database}.next`, "('Games', 9)");
  await rename(`${database}.next`, database);
  expect((await get('/units/by_category')).json).toEqual({ Games: 9 });
});

test('while the next publish is being written, the answer is that of the last one', async () => {
  await withSession(undefined, async (session) => {
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH ${literal(database)} AS made (TYPE sqlite)`);
    await session.run('BEGIN');
    await session.run('DELETE FROM made.sold');
    expect((await get('/units/by_category')).json).toEqual({ Books: 5, Toys: 1 });
    await session.run('COMMIT');
    expect((await get('/units/by_category')).json).toEqual({});
  });
});

test('a hundred at once are all answered', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => get('/units/by_category')));
  expect(new Set(answers.map(({ json }) => JSON.stringify(json)))).toEqual(new Set(['{"Books":5,"Toys":1}']));
});

test.each([
  ['missing', async () => rm(database), 'DatabaseMissing'],
  [
    'no database at all',
    async () => writeFile(database, 'this is text, and long enough not to be taken for empty '.repeat(40)),
    'DatabaseUnreadable',
  ],
  ['a folder', async () => rm(database).then(() => mkdir(database)), 'DatabaseMissing'],
])('a database that is %s gives 500 with a JSON error, and the next answer is right again', async (_, spoil, code) => {
  await spoil();
  const { status, json, type } = await get('/units/by_category');
  expect(status).toBe(500);
  expect(type).toContain('application/json');
  expect(json).toMatchObject({ error: { code, message: expect.stringContaining(database) as string } });
  await rm(database, { recursive: true, force: true });
  await publish(database, "('Books', 1)");
  expect(await get('/units/by_category')).toMatchObject({ status: 200, json: { Books: 1 } });
});

test('a view whose SQL does not fit the database gives 500 and says which', async () => {
  expect(await get('/broken')).toMatchObject({
    status: 500,
    json: { error: { code: 'QueryFailed', message: expect.stringContaining('broken') as string } },
  });
});

test('the published database cannot be changed through a view', async () => {
  const writer = await buildApi([view('write', 'DELETE FROM sold')]);
  expect((await writer.inject({ url: '/write' })).statusCode).toBe(500);
  await writer.close();
  expect((await get('/units/by_category')).json).toEqual({ Books: 5, Toys: 1 });
});

test('an unknown path gives 404 with the paths there are', async () => {
  expect(await get('/units/by_categry?x=1')).toMatchObject({
    status: 404,
    json: {
      error: { code: 'NotFound', message: expect.stringContaining('Did you mean "/units/by_category"') as string },
      paths: ['/units/by_category', '/sold', '/big', '/broken', '/openapi.json', '/health'],
    },
  });
});

test('the OpenAPI document names every view, its answer and its error', async () => {
  const { json } = await get('/openapi.json');
  expect(json).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Acequia', version: expect.stringMatching(/^\d/) as string },
    paths: {
      '/units/by_category': { get: { summary: 'summary of units/by_category', responses: { 200: {}, 500: {} } } },
      '/sold': { get: { responses: { 200: { content: { 'application/json': { schema: { type: 'array' } } } } } } },
      '/health': {},
    },
  });
  const responses = Object.values(
    (json as { paths: Record<string, { get: { responses: Record<string, object> } }> }).paths,
  ).flatMap((path) => Object.values(path.get.responses));
  for (const response of responses) expect(response).toHaveProperty('description');
  expect(await get('/health')).toMatchObject({ status: 200, json: { status: 'ok' } });
});

test('the views are those that the project’s pipelines declare', async () => {
  const found = await declaredViews(join(projectRoot(), 'pipelines'), '/out');
  expect(found).toContainEqual(
    expect.objectContaining({
      pipeline: 'sales',
      name: 'ventas/resumen_por_categoria',
      as: 'object',
      database: '/out/sales/empresa.db',
    }),
  );
});

test('a port in use is named, with the setting that changes it', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const settings = { api: { host: '127.0.0.1', port }, out: '/out', pipelinesFolder: join(projectRoot(), 'pipelines') };
  await expect(serveApi(settings)).rejects.toMatchObject({
    name: 'ListenError',
    message: expect.stringMatching(new RegExp(`Port ${port} is in use[^]*ACEQUIA_API_PORT`)) as string,
  });
  await new Promise((resolve) => other.close(resolve));
  const served = await serveApi(settings);
  expect(served.url).toBe(`http://127.0.0.1:${port}`);
  await served.close();
  await expect(fetch(served.url)).rejects.toThrow();
});
