import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholePlace } from '../../activities/files/source-place.ts';
import { bigQueryReference } from '../../workflows/definition/bigquery-url.ts';
import {
  isOfDatabase,
  settingOf,
  type RunOptions,
  type SourcePlace,
  type WrittenDestination,
  type WrittenPipeline,
} from '../../workflows/definition/index.ts';

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
    ...(inbox && options.inbox === undefined ? { inbox: wholePlace(inbox) } : {}),
    ...(named.length > 0 ? { settings: named } : {}),
  };
}

/** Settings that say which databases and files are read, and where tables are published and uploaded. */
function settingsOf({ sources, models, upload, drain }: WrittenPipeline): string[] {
  const read = Object.values(sources).flatMap((source) =>
    isOfDatabase(source) ? (settingOf(source) ?? []) : settingIn(source.path),
  );
  const written = Object.values(models).flatMap(({ publish = [] }) =>
    publish.flatMap((to) => destinationSetting(to) ?? []),
  );
  const drained = drain ? [...Object.values(drain.from), drain.into].map(({ setting }) => setting) : [];
  return [...new Set([...read, ...written, ...drained, ...(upload ? [upload.to] : [])])];
}

function settingIn(place: SourcePlace): string[] {
  return typeof place === 'string' ? [] : [place.setting];
}

function destinationSetting(to: WrittenDestination): string | undefined {
  if (to.kind !== 'bigquery') return 'setting' in to ? to.setting : undefined;
  const reference = bigQueryReference(to.place);
  return 'setting' in reference ? reference.setting : undefined;
}
