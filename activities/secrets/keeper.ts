import type { SecretReference } from './secret-reference.ts';

/** What a keeper of secrets is asked with. */
export interface Asking {
  /** The settings of the worker. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Ends waiting for a keeper that is far away. */
  readonly signal?: AbortSignal;
}

/**
 * Fetches a secret, whole: a `member` is picked from it by whoever asks.
 *
 * Errors: `SecretMissing`, `SecretDenied`, `SecretUnreachable`. They name the reference, and nothing of what it leads to.
 */
export type Keeper = (reference: SecretReference, asking: Asking) => Promise<string>;
