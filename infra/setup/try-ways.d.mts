/** One way to get a thing. */
export interface Way {
  /** As a person would call it. */
  readonly name: string;
  /** What a person would type to go the same way by hand. */
  readonly command: string;
  /** How long it may take. */
  readonly expected: string;
  /** Why this way is closed on this machine, or undefined when it is open. */
  cannot(): string | undefined;
  /** Goes it; throws when it leads nowhere. */
  go(): Promise<void>;
}

/** Goes the ways in their order until one arrives; when none does, throws a `SetUpError` that lists them all. */
export function tryWays(search: {
  readonly what: string;
  readonly why: string;
  readonly sought?: readonly string[];
  readonly ways: readonly Way[];
  readonly byHand?: readonly string[];
  readonly exitCode?: number;
}): Promise<void>;
