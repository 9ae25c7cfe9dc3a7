import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunOptions } from '../../workflows/definition/index.ts';

/** A name that a definition may use for a setting, between quotes. */
const QUOTED_SETTING = /['"`]([A-Z][A-Z0-9_]*)['"`]/g;

/**
 * Sends along with a run what the settings here say of where a pipeline reads. A worker elsewhere (`npm run dev` in another
 * terminal) has its own environment: without this, `SALES_INBOX=… npm run start-workflow` beside it would read the sample
 * without a word. Of databases only the names go: what they say may hold a password. The definition is compiled only where
 * its text names a setting that is set here.
 */
export async function withOwnSettings(
  options: RunOptions,
  pipelinesFolder: string,
  pipeline: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<RunOptions> {
  const text = await readFile(join(pipelinesFolder, pipeline, 'pipeline.ts'), 'utf8');
  const named = [...text.matchAll(QUOTED_SETTING)].some(([, name]) => name && variables[name]);
  if (!named) return options;
  const { loadDefinition } = await import('../../activities/plan/load-definition.ts');
  const { definition } = await loadDefinition(pipelinesFolder, pipeline);
  const inbox = definition.inbox === undefined ? undefined : variables[definition.inbox];
  const databases = Object.values(definition.sources).flatMap((source) =>
    source.kind === 'postgres' && variables[source.setting] ? [source.setting] : [],
  );
  return {
    ...options,
    ...(inbox && options.inbox === undefined ? { inbox: resolve(inbox) } : {}),
    ...(databases.length > 0 ? { databases: [...new Set(databases)] } : {}),
  };
}
