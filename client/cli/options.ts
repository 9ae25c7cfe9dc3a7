import { environmentNames } from '../../infra/settings/environment-settings.ts';
import type { ProjectNames } from './project-names.ts';

/** A flag of the command line, declared once for commander, for npm's forms, and for the help. */
export interface OptionDeclaration {
  /** Without dashes, as shown in the help. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly takes: 'nothing' | 'value' | 'list';
  /** How the value is called in the help. */
  readonly placeholder?: string;
  readonly help: string;
  /**
   * How well a bare word would do as this option's value, asked when npm has torn words and flags apart. A `possible`
   * word is taken only where no word is `certain`.
   */
  readonly accepts?: (word: string) => 'certain' | 'possible' | 'no';
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Flags that take a word, with what the project knows about words. */
export function declareOptions(project: ProjectNames): Record<OptionName, OptionDeclaration> {
  const environments = environmentNames();
  const isPlain = (word: string): boolean =>
    !environments.includes(word) && !project.pipelines.includes(word) && !ISO_DATE.test(word) && !isPath(word);
  const table = (word: string): 'certain' | 'possible' | 'no' => {
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
    'validate-only': flag(
      'validate-only',
      ['solo-validar', 'dry-run'],
      'everything up to the checks, nothing published',
    ),
    'any-age': flag('any-age', [], 'source files may be of any age'),
    detach: flag('detach', [], 'start the run and leave'),
    wait: flag('wait', [], 'join a run that is open and show it to its end'),
    json: flag('json', [], 'only the receipt as JSON on standard output'),
  };
}

export type OptionName =
  'env' | 'tables' | 'full-refresh' | 'as-of' | 'inbox' | 'validate-only' | 'any-age' | 'detach' | 'wait' | 'json';

function flag(name: string, aliases: readonly string[], help: string): OptionDeclaration {
  return { name, aliases, takes: 'nothing', help };
}

function isPath(word: string): boolean {
  return /[\\/]/.test(word) || word === '.' || word === '..' || word === '~';
}
