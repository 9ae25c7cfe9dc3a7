import { AcequiaError, type FailureType } from '../failure/acequia-error.ts';
import { diskError } from '../failure/disk.ts';

/** What a vendor's error comes to; each vendor tells which by the codes of its own. */
export type StoreTrouble = 'no-bucket' | 'denied' | 'no-credentials' | 'no-region' | 'busy' | 'unreachable';

interface Words {
  readonly type: FailureType;
  readonly what: string;
  readonly remedy: string;
}

/** What one vendor calls things, for the words of an error. */
export interface VendorWords {
  /** `S3`. */
  readonly service: string;
  /** Where the SDK looks for credentials first. */
  readonly credentials: string;
  /** The rights that are needed, as the vendor names them. */
  readonly rights: string;
  /** The setting that names another endpoint. */
  readonly endpoint: string;
}

const AGAIN = 'a run tries again by itself for some minutes; after that, run the same command again';

function wordsFor(trouble: StoreTrouble, vendor: VendorWords): Words {
  switch (trouble) {
    case 'no-bucket':
      return {
        type: 'BucketMissing',
        what: `${vendor.service} has no such bucket.`,
        remedy: `mend the name of the bucket, or the endpoint (${vendor.endpoint}) and the account`,
      };
    case 'denied':
      return {
        type: 'BucketDenied',
        what: `${vendor.service} does not allow that with these credentials.`,
        remedy: `see that the key is right and whole (${vendor.credentials}), and that its owner has ${vendor.rights}; docs/objects.md lists the rights`,
      };
    case 'no-credentials':
      return {
        type: 'BucketDenied',
        what: `There are no credentials for ${vendor.service}, or they cannot be used.`,
        remedy: `set ${vendor.credentials}, or another place that the SDK looks in: see docs/objects.md`,
      };
    case 'no-region':
      return {
        type: 'SettingMissing',
        what: `The region of the bucket is not known.`,
        remedy: 'set AWS_REGION, or the region of the profile; for a server of your own any will do: us-east-1',
      };
    case 'busy':
      return {
        type: 'BucketBusy',
        what: `${vendor.service} asks to slow down.`,
        remedy: `${AGAIN}, or let fewer others read and write there`,
      };
    case 'unreachable':
      return {
        type: 'BucketUnreachable',
        what: `${vendor.service} cannot be reached, or broke off.`,
        remedy: `see that this machine reaches it, and that ${vendor.endpoint}, where it is set, is right; ${AGAIN}`,
      };
  }
}

/** Codes of Node, of what happens on the way to a server. */
const ON_THE_WAY =
  /\b(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_\w+|socket hang up|TimeoutError|network socket disconnected|Premature close)\b/i;

/**
 * Words for what went wrong at a store. What nobody foresaw, and what is an error of ours or a cancellation already, comes
 * back as it was. Vendors' own messages are left out: some quote the key they were given.
 * @param where the bucket, or the object in it
 */
export function storeProblem(
  error: unknown,
  where: string,
  vendor: VendorWords,
  troubleOf: (error: Error) => StoreTrouble | undefined,
): unknown {
  if (!(error instanceof Error) || error instanceof AcequiaError) return error;
  const trouble =
    troubleOf(error) ?? (ON_THE_WAY.test(`${codeOf(error)} ${error.message}`) ? 'unreachable' : undefined);
  if (!trouble) return diskError(error, where);
  const { type, what, remedy } = wordsFor(trouble, vendor);
  return new AcequiaError(type, { what, where, ...whyOf(error), remedy });
}

/** The stable code that a service or Node gives an error, `AccessDenied`. */
function whyOf(error: Error): { why?: string } {
  const code = codeOf(error);
  return code === 'Error' ? {} : { why: `the code is ${code}` };
}

function codeOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : error.name;
}
