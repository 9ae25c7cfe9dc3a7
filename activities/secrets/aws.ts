import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AcequiaError } from '../failure/acequia-error.ts';
import type { Keeper } from './keeper.ts';
import { secretDenied, secretMissing, secretUnreachable } from './problems.ts';
import type { SecretReference } from './secret-reference.ts';

/** Milliseconds. A run looks the same secret up for each of its stages. */
const REMEMBERED_MS = 30_000;
const CONNECT_MS = 5_000;
const ANSWER_MS = 15_000;

const remembered = new Map<string, Promise<string>>();

/**
 * `secret://aws/name`: a secret of AWS Secrets Manager, by its name or ARN, as it is now. Credentials, region and endpoint come
 * from the SDK's own chain. It is remembered for half a minute.
 */
export const fromAws: Keeper = (reference, { signal }) => {
  const { name } = reference;
  const known = remembered.get(name);
  if (known) return unlessAborted(known, signal);
  const asked = ask(reference);
  remembered.set(name, asked);
  const forget = (): void => void remembered.delete(name);
  asked.then(() => setTimeout(forget, REMEMBERED_MS).unref(), forget);
  return unlessAborted(asked, signal);
};

/** Whoever is cancelled waits no longer; others may wait for the same answer. */
function unlessAborted(answer: Promise<string>, signal: AbortSignal | undefined): Promise<string> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function ask(reference: SecretReference): Promise<string> {
  // Loaded by those alone who keep secrets there.
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  let client: SecretsManagerClient | undefined;
  try {
    client = new SecretsManagerClient({
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    });
    const command = new GetSecretValueCommand({ SecretId: reference.name });
    const { SecretString: text } = await client.send(command);
    if (text !== undefined) return text;
  } catch (error) {
    throw awsProblem(reference, error);
  } finally {
    client?.destroy();
  }
  throw secretMissing(reference, 'It holds bytes, and no text.', 'keep it as text (SecretString)');
}

type Problem = (reference: SecretReference, name: string) => AcequiaError;

/** What AWS says no other attempt will change, by the name of its error. */
const PROBLEMS: readonly (readonly [RegExp, Problem])[] = [
  [
    /^ResourceNotFound|^InvalidRequest|^InvalidParameter|^ValidationException/,
    (reference, name) =>
      secretMissing(
        reference,
        `AWS Secrets Manager has none of that name in this region, or it is marked for deletion (${name}).`,
        'mend the name, or set AWS_REGION to the region it is in',
      ),
  ],
  [
    /^AccessDenied|^UnrecognizedClient|^InvalidSignature|^IncompleteSignature|^MissingAuthentication|^NotAuthorized|^OptInRequired|^Expired|^DecryptionFailure|^CredentialsProvider|^InvalidClientTokenId/,
    (reference, name) =>
      secretDenied(
        reference,
        `AWS does not let this worker read it (${name}).`,
        'give the worker AWS credentials that may do secretsmanager:GetSecretValue, and kms:Decrypt for its key',
      ),
  ],
];

function awsProblem(reference: SecretReference, error: unknown): AcequiaError {
  const name = error instanceof Error ? error.name : 'unknown';
  const [, known] = PROBLEMS.find(([says]) => says.test(name)) ?? [];
  if (known) return known(reference, name);
  if (error instanceof Error && /^Region is missing/.test(error.message))
    return secretMissing(
      reference,
      'Nothing says in which region of AWS it is.',
      'set AWS_REGION where the worker runs',
    );
  return secretUnreachable(
    reference,
    `AWS Secrets Manager did not answer as it should (${codeOf(error) ?? name}).`,
    'nothing, if it passes: it is tried again; else see that the worker reaches AWS',
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
