import type { DeclaredView } from './declared-views.ts';

/** JSON Schema of a view's answer, for the OpenAPI document. */
export function answerSchema({ as, summary }: Pick<DeclaredView, 'as' | 'summary'>) {
  const row = { type: 'object', additionalProperties: true };
  return as === 'object' ? { ...row, description: summary } : { type: 'array', items: row, description: summary };
}

export function errorSchema(description: string) {
  return {
    type: 'object',
    description,
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'code'],
        properties: { message: { type: 'string' }, code: { type: 'string' } },
      },
    },
  };
}
