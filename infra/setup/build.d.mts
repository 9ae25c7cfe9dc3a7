/** The file in dist/ that belongs to a TypeScript entry point. */
export function builtFile(source: string, root?: string): string;
/** Whether dist/ is not what the sources say. */
export function buildIsStale(root?: string): boolean;
/** Compiles the sources into dist/ where they have changed since. */
export function ensureBuild(root?: string): Promise<void>;
