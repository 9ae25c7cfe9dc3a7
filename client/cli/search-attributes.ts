import type { Connection } from '@temporalio/client';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-codes.ts';

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2;

/** Makes sure a server that is not ours knows the attributes by which runs are found; registers those it lacks. */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  let missing: readonly string[] = names;
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    missing = names.filter((name) => !(name in customAttributes));
    if (missing.length === 0) return;
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  } catch (cause) {
    throw new CommandError(
      EXIT.failed,
      [
        `The Temporal namespace "${namespace}" lacks search attributes, and this client may not add them: ${missing.join(', ')}.`,
        `  why:   ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`,
        `  to do: temporal operator search-attribute create --namespace ${namespace} ${missing
          .map((name) => `--name ${name} --type Keyword`)
          .join(' ')}`,
      ].join('\n'),
      { cause },
    );
  }
}
