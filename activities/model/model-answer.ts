import { z } from 'zod';
import type { Mapping, TargetColumnPlan } from '../../workflows/definition/index.ts';
import type { Proposal } from '../normalise/propose-mapping.ts';

/** What a model may answer: for each column that it knows one path, and how the text there is read. */
const answerSchema = z.strictObject({
  refusal: z.string().nullable(),
  columns: z.array(
    z.strictObject({
      column: z.string(),
      path: z.string(),
      format: z.string().nullable(),
      epoch: z.enum(['seconds', 'milliseconds']).nullable(),
    }),
  ),
});

type Answer = z.infer<typeof answerSchema>;

/** The same as JSON Schema, with the columns and paths that there are as the only ones. */
export function answerJsonSchema(columns: readonly string[], paths: readonly string[]): Record<string, unknown> {
  const nullable = (type: object): object => ({ anyOf: [type, { type: 'null' }] });
  const object = (properties: Record<string, object>): object => ({
    ...{ type: 'object', properties, additionalProperties: false },
    required: Object.keys(properties),
  });
  return {
    ...object({
      refusal: nullable({ type: 'string' }),
      columns: {
        type: 'array',
        items: object({
          column: { type: 'string', enum: columns },
          path: { type: 'string', enum: paths },
          format: nullable({ type: 'string' }),
          epoch: nullable({ type: 'string', enum: ['seconds', 'milliseconds'] }),
        }),
      },
    }),
  };
}

/** Reads an answer. A sentence: why it is of no use. */
export function parseAnswer(text: string | null): Answer | string {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return 'the model answered with something that is no JSON';
  }
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) return 'the model answered in another form than it was asked for';
  if (parsed.data.refusal !== null) return 'the model refused';
  return parsed.data.columns.length === 0 ? 'the model named no column' : parsed.data;
}

/**
 * What the matcher has found, and in its gaps what the model says. Words of a column with a list of values are read as the matcher
 * reads them: the model has not seen them.
 */
export function withAnswer({ mapping }: Proposal, { columns }: Answer, target: readonly TargetColumnPlan[]): Mapping {
  const said = columns.flatMap(({ column, path, format, epoch }) => {
    const known = target.find(({ name }) => name === column);
    if (!known || column in mapping.columns) return [];
    const reading = epoch === null ? (format === null ? {} : { formats: [format] }) : { epoch };
    const unsaid = known.oneOf?.includes('unknown') ? { lookup: ownWords(known.oneOf), otherwise: 'unknown' } : {};
    return [[column, { path, ...reading, ...unsaid }] as const];
  });
  return {
    ...mapping,
    summary: `${mapping.summary ?? ''}, completed by a language model`,
    columns: { ...mapping.columns, ...Object.fromEntries(said) },
  };
}

function ownWords(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word, word]));
}
