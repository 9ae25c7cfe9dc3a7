import { environmentNames } from '../../infra/settings/environment-settings.ts';
import { flag, isPath, type Likely, type OptionDeclaration } from './option-declaration.ts';
import type { ProjectNames } from './project-names.ts';
import { isCheckName, isReason } from './publish-anyway.ts';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.,+Zz-]+$/;

/** What samples are called. */
const SAMPLES: readonly string[] = ['small', 'large'];

/** Flags of runs; several commands have some of them. */
export function runFlags(project: ProjectNames): Record<RunFlag, OptionDeclaration> {
  const environments = environmentNames();
  const isPlain = (word: string): boolean =>
    !environments.includes(word) && !project.pipelines.includes(word) && !ISO_DATE.test(word) && !isPath(word);
  const table = (word: string): Likely => {
    if (project.tables.includes(word)) return 'certain';
    return isPlain(word) ? 'possible' : 'no';
  };
  return {
    env: {
      name: 'env',
      aliases: ['environment'],
      takes: 'value',
      placeholder: 'name',
      help: `the environment: ${environments.join(', ')} (default: ACEQUIA_ENV, else dev)`,
      accepts: (word) => {
        if (environments.includes(word)) return 'certain';
        return isPlain(word) && !project.tables.includes(word) ? 'possible' : 'no';
      },
    },
    tables: {
      name: 'tables',
      aliases: [],
      takes: 'list',
      placeholder: 'names',
      help: 'only these tables and what they are made from',
      accepts: table,
    },
    'full-refresh': {
      name: 'full-refresh',
      aliases: [],
      takes: 'list',
      placeholder: 'names',
      help: 'tables that are loaded again even where nothing changed',
      accepts: table,
    },
    'as-of': {
      name: 'as-of',
      aliases: [],
      takes: 'value',
      placeholder: 'date',
      help: 'the day the run takes for today, YYYY-MM-DD',
      accepts: (word) => {
        if (ISO_DATE.test(word)) return 'certain';
        return /^\d/.test(word) && isPlain(word) ? 'possible' : 'no';
      },
    },
    inbox: {
      name: 'inbox',
      aliases: [],
      takes: 'value',
      placeholder: 'folder',
      help: "a folder that replaces the pipeline's inbox",
      accepts: (word) => {
        if (isPath(word)) return 'certain';
        return isPlain(word) && !project.tables.includes(word) ? 'possible' : 'no';
      },
    },
    since: {
      name: 'since',
      aliases: [],
      takes: 'value',
      placeholder: 'date',
      help: 'only what is new or changed since then: YYYY-MM-DD, or an instant such as 2026-01-31T09:00Z',
      accepts: (word) => (ISO_DATE.test(word) || ISO_INSTANT.test(word) ? 'certain' : 'no'),
    },
    sample: {
      name: 'sample',
      aliases: [],
      takes: 'value',
      placeholder: 'name',
      help: 'a sample of the pipeline by its name, in place of its inbox: small ships with it',
      accepts: (word) => {
        if (SAMPLES.includes(word)) return 'certain';
        return isPlain(word) && !project.tables.includes(word) ? 'possible' : 'no';
      },
    },
    'validate-only': flag(
      'validate-only',
      ['solo-validar', 'dry-run'],
      'everything up to the checks, nothing published',
    ),
    validate: flag(
      'validate',
      ['validar-calidad-datos'],
      'once published, ask the checks again of what stands at the destination',
    ),
    'any-age': flag('any-age', [], 'source files, and rows of databases, may be of any age'),
    'publish-anyway': {
      name: 'publish-anyway',
      aliases: [],
      takes: 'values',
      placeholder: 'check',
      help: 'a blocking check, by its name or a part of it, that may fail this once; again for each; needs --reason',
      accepts: (word) => (isPlain(word) && !project.tables.includes(word) ? isCheckName(word) : 'no'),
    },
    reason: {
      name: 'reason',
      aliases: [],
      takes: 'value',
      placeholder: 'text',
      help: 'why it is published anyway; stands in receipt, alert and ledger',
      accepts: (word) => (isPlain(word) && !project.tables.includes(word) ? isReason(word) : 'no'),
    },
    once: flag('once', [], 'of a pipeline that drains what waits: until nothing is left, and not again'),
    detach: flag('detach', [], 'start the run and leave'),
    wait: flag('wait', [], 'join a run that is open and show it to its end'),
    json: flag('json', [], 'one JSON document on standard output: of a run, its receipt'),
  };
}

export type RunFlag =
  | 'env'
  | 'tables'
  | 'full-refresh'
  | 'as-of'
  | 'inbox'
  | 'since'
  | 'sample'
  | 'validate-only'
  | 'validate'
  | 'any-age'
  | 'publish-anyway'
  | 'reason'
  | 'once'
  | 'detach'
  | 'wait'
  | 'json';
