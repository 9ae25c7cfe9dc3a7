import type { Amount } from '../../workflows/clean-up-contract.ts';

export const NOTHING: Amount = { files: 0, bytes: 0 };

export function plus(one: Amount, other: Amount): Amount {
  return { files: one.files + other.files, bytes: one.bytes + other.bytes };
}

export function less(one: Amount, other: Amount): Amount {
  return { files: one.files - other.files, bytes: one.bytes - other.bytes };
}
