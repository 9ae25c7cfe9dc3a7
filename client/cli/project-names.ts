import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the project's folders alone tell about names, read without compiling a definition. */
export interface ProjectNames {
  /** Folders with a `pipeline.ts`. */
  readonly pipelines: readonly string[];
  /** Tables of these pipelines: the names of their model files. */
  readonly tables: readonly string[];
}

/** @param only the pipelines whose tables count. Default: all */
export function readProjectNames(pipelinesFolder: string, only?: readonly string[]): ProjectNames {
  const pipelines = names(pipelinesFolder).filter((name) => existsSync(join(pipelinesFolder, name, 'pipeline.ts')));
  const tables = (only ?? pipelines).flatMap((name) =>
    names(join(pipelinesFolder, name, 'models')).flatMap((file) => (file.endsWith('.sql') ? [file.slice(0, -4)] : [])),
  );
  return { pipelines: pipelines.sort(), tables: [...new Set(tables)].sort() };
}

function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
