/** Says why the packages of the lockfile have to be installed, or undefined when they are as it says. */
export function nodeModulesNeed(root?: string): string | undefined;
/** Installs the packages of the lockfile where they are missing or stale. */
export function ensureNodeModules(root?: string): Promise<void>;
