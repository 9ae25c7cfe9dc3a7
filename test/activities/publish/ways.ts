import type { LoadMode, MissingWay } from '../../../workflows/definition/index.ts';

/** A mode in which tables are loaded, with what it does about rows that are missing. */
export interface Way {
  readonly name: string;
  readonly mode: LoadMode;
  readonly missing?: MissingWay;
}

/** All there are. */
export const WAYS: readonly Way[] = [
  { name: 'replace', mode: 'replace' },
  { name: 'append', mode: 'append' },
  { name: 'merge', mode: 'merge' },
  { name: 'delete-missing, hard', mode: 'delete-missing', missing: 'hard' },
  { name: 'delete-missing, soft', mode: 'delete-missing', missing: 'soft' },
  { name: 'scd2, close', mode: 'scd2', missing: 'close' },
  { name: 'scd2, keep', mode: 'scd2', missing: 'keep' },
];
