import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance } from 'fastify';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { DeclaredView } from './declared-views.ts';
import { answerSchema, errorSchema } from './response-schemas.ts';
import { openViewDesk, type ViewDesk } from './view-desk.ts';
import { ViewError } from './view-error.ts';

/**
 * The API: `GET /<view>` for every declared view, `GET /openapi.json`, `GET /health`. Read-only; every error is JSON,
 * `{"error": {"message", "code"}}`.
 */
export async function buildApi(
  views: readonly DeclaredView[],
  desk: ViewDesk = openViewDesk(),
): Promise<FastifyInstance> {
  const app = fastify({ logger: false, forceCloseConnections: 'idle', routerOptions: { ignoreTrailingSlash: true } });
  // Answers are sent as they are; the schemas describe them and change nothing.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.addHook('onClose', () => desk.close());
  const paths = [...views.map(({ name }) => `/${name}`), '/openapi.json', '/health'];
  answerErrors(app, paths);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Acequia',
        description: 'Views of published data, as the pipelines declare them.',
        version: packageJson.version,
      },
    },
  });
  for (const view of views) addView(app, view, desk);
  app.get(
    '/health',
    {
      schema: {
        summary: 'Whether the API is up',
        response: { 200: { type: 'object', description: 'It is.', properties: { status: { type: 'string' } } } },
      },
    },
    () => ({ status: 'ok' }),
  );
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  return app;
}

function addView(app: FastifyInstance, view: DeclaredView, desk: ViewDesk): void {
  const schema = {
    summary: view.summary,
    tags: [view.pipeline],
    response: { 200: answerSchema(view), 500: errorSchema('The published database cannot be read.') },
  };
  app.get(`/${view.name}`, { schema }, (_request, reply) => {
    // The data changes with every publish; whoever asks again wants to know.
    void reply.header('cache-control', 'no-store');
    return desk.answer(view);
  });
}

function answerErrors(app: FastifyInstance, paths: readonly string[]): void {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const message = `There is nothing at ${request.method} ${path}.${closest(path, paths)}`;
    return reply.code(404).send({ error: { message, code: 'NotFound' }, paths });
  });
  app.setErrorHandler((error, _request, reply) => {
    const { status, code } = kindOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return reply.code(status).send({ error: { message, code } });
  });
}

function kindOf(error: unknown): { status: number; code: string } {
  if (error instanceof ViewError) return { status: 500, code: error.code };
  if (error instanceof AcequiaError) return { status: 500, code: error.type };
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return { status, code: status < 500 ? 'BadRequest' : 'Unexpected' };
}
