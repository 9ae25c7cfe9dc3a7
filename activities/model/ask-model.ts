import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { TargetColumnPlan } from '../../workflows/definition/index.ts';
import type { Proposal } from '../normalise/propose-mapping.ts';
import type { ValueProfile } from '../normalise/value-profile.ts';
import { answerJsonSchema } from './model-answer.ts';

/** A model behind any endpoint that speaks OpenAI's protocol. */
export interface ModelPlace {
  /** Base URL: `https://api.openai.com/v1`. */
  readonly url: string;
  readonly name: string;
}

export interface ModelSettings extends ModelPlace {
  /** Must never be logged, nor be part of a message. */
  readonly key?: string;
}

/** All that a model is shown: no value of a record is part of it. */
export interface ModelQuestion {
  readonly profiles: readonly ValueProfile[];
  readonly columns: readonly TargetColumnPlan[];
  readonly proposal: Proposal;
}

/** The model cannot be asked now; the message is for people. */
export class ModelUnavailable extends Error {}

const TIMEOUT_MS = 60_000;
/** The SDK waits longer each time, and as long as the server says. */
const RETRIES = 3;
/** Longer lists say less than their name. */
const MOST_WORDS = 20;

const TASK = `You map the fields of payment records to the columns of a table. You see paths, kinds and formats, never values.
For each missing column say at which path its value stands. "format": null where values are plain, else how 1234.56 is
written (such as 1.234,56), or a date format made of YYYY MM DD HH mm ss. "epoch": the unit of numbers that count since 1970, else
null. Leave out what you are not sure of. "refusal": null, or why nothing can be said.`;

/** Asks once, and returns the answer as it was written. Errors: `ModelUnavailable`; the signal's reason. */
export async function askModel(
  { url, name, key }: ModelSettings,
  question: ModelQuestion,
  signal: AbortSignal,
): Promise<string | null> {
  const client = new OpenAI({
    ...{ baseURL: url, apiKey: key ?? 'none', timeout: TIMEOUT_MS, maxRetries: RETRIES, logLevel: 'off' },
    ...{ organization: null, project: null },
  });
  const { profiles, columns } = question;
  const names = columns.map((column) => column.name);
  const paths = profiles.filter(({ path }) => path !== '' && !path.includes('[]')).map(({ path }) => path);
  try {
    const { choices } = await client.chat.completions.create(
      {
        model: name,
        messages: [
          { role: 'system', content: TASK },
          { role: 'user', content: JSON.stringify(shown(question)) },
        ],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'mapping', strict: true, schema: answerJsonSchema(names, paths) },
        },
      },
      { signal },
    );
    return choices[0]?.message.content ?? null;
  } catch (error) {
    signal.throwIfAborted();
    throw new ModelUnavailable(`the language model at ${new URL(url).host} ${problem(error)}`);
  }
}

function shown({ profiles, columns, proposal: { mapping, missing } }: ModelQuestion): object {
  return {
    fields: profiles,
    columns: columns.map(({ name, type, required, oneOf, like }) => {
      const words = oneOf && oneOf.length <= MOST_WORDS ? { oneOf } : {};
      return { name, type: type.kind, required, ...words, ...(like === undefined ? {} : { like }) };
    }),
    known: Object.keys(mapping.columns),
    missing: missing.map(({ column }) => column),
  };
}

/** In words of ours: what a server answers may quote what it was sent. */
function problem(error: unknown): string {
  if (error instanceof APIConnectionError) return 'does not answer (ACEQUIA_MODEL_URL)';
  const status = error instanceof APIError ? (error.status as number | undefined) : undefined;
  if (status === 401 || status === 403) return `does not accept the key (${status}, ACEQUIA_MODEL_KEY)`;
  if (status === 404) return 'knows no such model, or is not there (404, ACEQUIA_MODEL and ACEQUIA_MODEL_URL)';
  return status === undefined ? 'gave no answer' : `answered with ${status}, also when asked again`;
}
