import { join, resolve } from 'node:path';
import type { PipelineDefinition, RunOptions } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

export interface Inbox {
  /** Absolute path of the folder with the source files. */
  readonly folder: string;
  /** Whether it is the sample that ships with the pipeline. */
  readonly sample: boolean;
}

/** The folder with the source files: the run's own option, then the pipeline's setting, then the sample where defaults are allowed. */
export function resolveInbox(
  pipeline: { readonly name: string; readonly folder: string; readonly definition: PipelineDefinition },
  environment: { readonly name: string; readonly defaults: boolean },
  options: RunOptions,
  settings: Readonly<Record<string, string | undefined>>,
): Inbox {
  const { inbox, sample } = pipeline.definition;
  const given = options.inbox ?? (settings[inbox] || undefined);
  if (given) return { folder: resolve(given), sample: false };
  if (environment.defaults && sample) return { folder: join(pipeline.folder, 'sample'), sample: true };
  throw new AcequiaError('SettingMissing', {
    what: `Nothing says where ${pipeline.name} finds its source files.`,
    why: `Tried in this order: the option --inbox, the setting ${inbox}, ${
      environment.defaults ? 'the sample (this pipeline has none)' : `the sample (not used in ${environment.name})`
    }.`,
    remedy: `set ${inbox} to the folder with the files, or add --inbox <folder>`,
  });
}
