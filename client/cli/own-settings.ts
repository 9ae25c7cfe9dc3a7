import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunOptions, WrittenPipeline } from '../../workflows/definition/index.ts';

/** A name that a definition may use for a setting, between quotes. */
const QUOTED_SETTING = /['"`]([A-Z][A-Z0-9_]*)['"`]/g;

/**
 * Sends along with a run what the settings here say of where a pipeline reads. A worker elsewhere (`npm run dev` in another
 * terminal) has its own environment: without this, `SALES_INBOX=… npm run start-workflow` beside it would read the sample
 * without a word. Of databases and destinations only the names go: what they say may hold a password. The definition is compiled only where
 * its text names a setting that is set here.
 */
export async function withOwnSettings(
  options: RunOptions,
  pipelinesFolder: string,
  pipeline: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<RunOptions> {
  const text = await readFile(join(pipelinesFolder, pipeline, 'pipeline.ts'), 'utf8');
  const isNamed = [...text.matchAll(QUOTED_SETTING)].some(([, name]) => name && variables[name]);
  if (!isNamed) return options;
  const { loadDefinition } = await import('../../activities/plan/load-definition.ts');
  const { definition } = await loadDefinition(pipelinesFolder, pipeline);
  const inbox = definition.inbox === undefined ? undefined : variables[definition.inbox];
  const named = settingsOf(definition).filter((setting) => variables[setting]);
  return {
    ...options,
    ...(inbox && options.inbox === undefined ? { inbox: resolve(inbox) } : {}),
    ...(named.length > 0 ? { settings: named } : {}),
  };
}

/** Settings that say which databases are read, and where tables are published. */
function settingsOf({ sources, models }: WrittenPipeline): string[] {
  const read = Object.values(sources).flatMap((source) => (source.kind === 'postgres' ? [source.setting] : []));
  const written = Object.values(models).flatMap(({ publish = [] }) =>
    publish.flatMap((to) => ('setting' in to ? [to.setting ?? ''] : [])),
  );
  return [...new Set([...read, ...written])];
}
