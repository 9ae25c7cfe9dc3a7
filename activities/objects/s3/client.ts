import { S3Client } from '@aws-sdk/client-s3';
import { storeProblem, type StoreTrouble, type VendorWords } from '../store-problem.ts';

/** Milliseconds: for a connection to stand, and for one to say nothing. Without them a dead server would be waited for without end. */
const CONNECT = 10_000;
const SILENCE = 60_000;

/**
 * A client with the credentials, region, endpoint and retries that the SDK finds in its own order of places. Servers other
 * than Amazon's seldom know a bucket as a part of their name: with an endpoint it stands in the path.
 */
export function openClient(): S3Client {
  // Its version is pinned: which Node a later one needs is for whoever takes that.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  return new S3Client({
    forcePathStyle: Boolean(endpoint),
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: CONNECT, socketTimeout: SILENCE },
  });
}

const WORDS: VendorWords = {
  service: 'S3',
  credentials: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  rights: 's3:ListBucket on the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject on what is in it',
  endpoint: 'AWS_ENDPOINT_URL_S3',
};

const BY_CODE: Readonly<Record<string, StoreTrouble>> = {
  NoSuchBucket: 'no-bucket',
  InvalidBucketName: 'no-bucket',
  CredentialsProviderError: 'no-credentials',
  TokenProviderError: 'no-credentials',
  AuthorizationHeaderMalformed: 'no-region',
  PermanentRedirect: 'no-region',
  // versitygw's, for a key that nobody has.
  XAdminUserNotFound: 'denied',
  ExpiredToken: 'denied',
  InvalidToken: 'denied',
  SlowDown: 'busy',
  ThrottlingException: 'busy',
  RequestTimeout: 'unreachable',
  TimeoutError: 'unreachable',
  // Two that write the same key: the other is not done.
  ConditionalRequestConflict: 'busy',
  OperationAborted: 'busy',
};

function troubleOf(error: Error): StoreTrouble | undefined {
  const known = BY_CODE[error.name];
  if (known) return known;
  if (/region is missing/i.test(error.message)) return 'no-region';
  const status = statusOf(error) ?? 0;
  if (status === 401 || status === 403) return 'denied';
  // An answer to HEAD has no body, and so no code: it is how S3 says there that a token is wrong or has expired.
  if (status === 400 && error.message === 'UnknownError') return 'denied';
  if (status === 429 || status === 503) return 'busy';
  return status >= 500 ? 'unreachable' : undefined;
}

/** The error of a request in words for people. @param where `s3://bucket/key` */
export function s3Problem(error: unknown, where: string): unknown {
  return storeProblem(error, where, WORDS, troubleOf);
}

/** The status of the answer that an error stands for. */
export function statusOf(error: unknown): number | undefined {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  return typeof metadata === 'object' && metadata && 'httpStatusCode' in metadata
    ? (metadata.httpStatusCode as number | undefined)
    : undefined;
}
