import { join } from 'node:path';
import type { PipelineDefinition, RunOptions } from '../../workflows/definition/index.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { wholePlace } from '../files/source-place.ts';

export interface Inbox {
  /** Absolute path of the folder with the source files, or their place in a bucket; empty where there are none. */
  readonly folder: string;
  /** Whether it is a sample of the pipeline. */
  readonly sample: boolean;
}

/** The sample that ships with a pipeline, in its folder `sample/`. */
const SHIPPED = 'small';

interface Asked {
  readonly name: string;
  readonly folder: string;
  readonly definition: Pick<PipelineDefinition, 'inbox' | 'sample'>;
}

/**
 * The folder with the source files: the run's own option, then the pipeline's setting, then the sample where defaults are
 * allowed.
 *
 * @param make gives the folder of a sample that does not ship
 */
export async function resolveInbox(
  pipeline: Asked,
  environment: { readonly name: string; readonly defaults: boolean },
  options: Pick<RunOptions, 'inbox' | 'sample'>,
  settings: Readonly<Record<string, string | undefined>>,
  make: (sample: string) => Promise<string>,
): Promise<Inbox> {
  const { inbox, sample } = pipeline.definition;
  if (inbox === undefined) return { folder: '', sample: false };
  if (options.sample !== undefined) return namedSample(pipeline, environment, options.sample, options.inbox, make);
  const given = options.inbox ?? (settings[inbox] || undefined);
  if (given) return { folder: wholePlace(given), sample: false };
  if (environment.defaults && sample) return { folder: join(pipeline.folder, 'sample'), sample: true };
  throw new AcequiaError('SettingMissing', {
    what: `Nothing says where ${pipeline.name} finds its source files.`,
    why: `Tried in this order: the option --inbox, the setting ${inbox}, ${
      environment.defaults ? 'the sample (this pipeline has none)' : `the sample (not used in ${environment.name})`
    }.`,
    remedy: `set ${inbox} to the folder with the files (or to s3://bucket/folder/), or add --inbox <folder>`,
  });
}

async function namedSample(
  { name, folder, definition }: Asked,
  environment: { readonly name: string; readonly defaults: boolean },
  asked: string,
  inbox: string | undefined,
  make: (sample: string) => Promise<string>,
): Promise<Inbox> {
  const where = 'the options of the run';
  const there = definition.sample ? [SHIPPED, ...(definition.sample.made ?? [])] : [];
  if (inbox !== undefined) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `--sample ${asked} and --inbox ${inbox} both say what is read.`,
      where,
      remedy: 'leave one of them out',
    });
  }
  if (!there.includes(asked)) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `${name} has no sample "${asked}".${closest(asked, there)}`,
      where,
      why: `Samples there are: ${there.join(', ') || 'none'}.`,
      remedy: 'name one of them, or leave --sample out',
    });
  }
  if (!environment.defaults) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `Samples are not read in ${environment.name}.`,
      where,
      remedy: `leave --sample out, or run it with --env dev`,
    });
  }
  return { folder: asked === SHIPPED ? join(folder, 'sample') : await make(asked), sample: true };
}
