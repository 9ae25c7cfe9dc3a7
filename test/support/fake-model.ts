import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** What a request to a model looks like, as far as we send it; anything else is answered with 400. */
const request = z.strictObject({
  model: z.string().min(1),
  messages: z.tuple([
    z.strictObject({ role: z.literal('system'), content: z.string().min(1) }),
    z.strictObject({ role: z.literal('user'), content: z.string().min(1) }),
  ]),
  response_format: z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().regex(/^[\w-]{1,64}$/),
      strict: z.literal(true),
      schema: z.looseObject({ type: z.literal('object'), additionalProperties: z.literal(false) }),
    }),
  }),
});

/** How the fake answers one request: with a text, or with a status and no more. */
export type FakeAnswer = string | { readonly status: number };

export interface FakeModel {
  readonly url: string;
  /** The bodies that it was sent, in order, as they came. */
  readonly bodies: readonly string[];
  readonly authorizations: readonly (string | undefined)[];
  stop(): Promise<void>;
}

/** A fake of an endpoint that speaks OpenAI's protocol: no model runs here. The last answer is given again and again. */
export async function startFakeModel(answers: readonly FakeAnswer[]): Promise<FakeModel> {
  const bodies: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      bodies.push(body);
      authorizations.push(incoming.headers.authorization);
      const isSound = incoming.url === '/v1/chat/completions' && request.safeParse(JSON.parse(body)).success;
      const answer = isSound ? (answers[bodies.length - 1] ?? answers.at(-1)!) : { status: 400 };
      const isText = typeof answer === 'string';
      response.writeHead(isText ? 200 : answer.status, { 'content-type': 'application/json', 'retry-after-ms': '1' });
      const message = { role: 'assistant', content: isText ? answer : null, refusal: null };
      const completion = { id: 'c', object: 'chat.completion', created: 0, model: 'm' };
      response.end(
        JSON.stringify(
          isText
            ? { ...completion, choices: [{ index: 0, message, finish_reason: 'stop', logprobs: null }] }
            : { error: { message: 'no' } },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    authorizations,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
