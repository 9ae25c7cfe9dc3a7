import { Storage } from '@google-cloud/storage';
import { storeProblem, type StoreTrouble, type VendorWords } from '../store-problem.ts';

/** A client with the credentials, endpoint and retries that the SDK finds in its own order of places. */
export function openClient(): Storage {
  const client = new Storage();
  // The SDK leaves the path out where it takes the endpoint from the environment.
  client.baseUrl = `${client.apiEndpoint}/storage/v1`;
  return client;
}

/**
 * Fails where there are no credentials that can be used. A request would fail as well, but some say so in words of their
 * stream. An emulator asks for none.
 */
export async function requireCredentials({ authClient }: Storage): Promise<void> {
  if (!process.env.STORAGE_EMULATOR_HOST) await authClient.getAccessToken();
}

const WORDS: VendorWords = {
  service: 'Google Cloud Storage',
  credentials: 'GOOGLE_APPLICATION_CREDENTIALS',
  rights: 'storage.objects.list, get, create, update and delete on the bucket (the role Storage Object User)',
  endpoint: 'STORAGE_EMULATOR_HOST',
};

/** What the SDK says of a file of credentials that is not there, is no JSON, or holds no key that can be used. */
const UNUSABLE =
  /could not load the default credentials|invalid_grant|the file at .* does not exist|is not valid JSON|DECODER routines|PEM routines|does not contain a (?:client_email|private_key)/i;

function troubleOf(error: Error): StoreTrouble | undefined {
  if (UNUSABLE.test(error.message)) return 'no-credentials';
  if (isBucketMissing(error)) return 'no-bucket';
  const status = statusOf(error) ?? 0;
  if (status === 401 || status === 403) return /rateLimitExceeded|quota/i.test(error.message) ? 'busy' : 'denied';
  if (status === 429 || status === 503) return 'busy';
  return status >= 500 || status === 408 ? 'unreachable' : undefined;
}

/** The error of a request in words for people. @param where `gs://bucket/key` */
export function gcsProblem(error: unknown, where: string): unknown {
  return storeProblem(error, where, WORDS, troubleOf);
}

/** The status of the answer that an error stands for; errors of sessions carry it under another name. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = Number('code' in error ? error.code : 'status' in error ? error.status : undefined);
  return Number.isInteger(code) ? code : undefined;
}

/** That the bucket itself is not there: its status is that of an object that is not there. */
export class BucketMissingError extends Error {
  override readonly name = 'BucketMissing';
}

export function isBucketMissing(error: unknown): boolean {
  return (
    error instanceof Error && (error instanceof BucketMissingError || /bucket does not exist/i.test(error.message))
  );
}

/** Sessions fail with plain objects; as an error such a one can be told about. */
export function asError(problem: unknown): unknown {
  if (problem instanceof Error || typeof problem !== 'object' || problem === null) return problem;
  const message = 'message' in problem ? String(problem.message) : 'the upload failed';
  return Object.assign(new Error(message), problem);
}
