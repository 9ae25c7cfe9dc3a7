/** Where things are. Settings from outside (see `docs/settings.md`) replace these values. */
export interface EnvironmentDefinition {
  /** The pipelines that `start-workflow` runs when none is named. */
  readonly pipelines: readonly string[];
  readonly temporal: {
    /** Tried first. `TEMPORAL_ADDRESS` replaces it. */
    readonly address?: string;
    readonly namespace: string;
    /** Start an embedded dev server when nothing answers at the address. */
    readonly embedded: boolean;
  };
  /** Whether a missing setting may fall back to the sample and to folders under `.acequia/`. */
  readonly defaults: boolean;
  readonly api: { readonly host: string; readonly port: number };
}

export function defineEnvironments<Name extends string>(
  environments: Record<Name, EnvironmentDefinition>,
): Record<Name, EnvironmentDefinition> {
  return environments;
}
