import { AsyncLocalStorage } from 'node:async_hooks';
import { Copies } from './copies.ts';

/** What a stage or a command holds of objects in buckets until it ends. */
export interface ObjectScope {
  /** Stops what goes over the network. */
  readonly signal: AbortSignal;
  /** What was fetched: it stays for as long as it may be read. */
  readonly copies: Copies;
}

const scopes = new AsyncLocalStorage<ObjectScope>();

/** Code outside of any stage or command keeps what it fetches until its process ends. */
let unbounded: ObjectScope | undefined;

/** Runs a stage or a command; with its end, what was fetched for it may go. */
export async function withinObjectScope<Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
  const copies = new Copies();
  try {
    return await scopes.run({ signal, copies }, run);
  } finally {
    await copies.close();
  }
}

export function objectScope(): ObjectScope {
  unbounded ??= { signal: new AbortController().signal, copies: new Copies() };
  return scopes.getStore() ?? unbounded;
}
