import { flag, isPath, type OptionDeclaration } from '../option-declaration.ts';

/** Flags of commands about runs that have ended. */
export function storedRunFlags(): Record<StoredRunFlag, OptionDeclaration> {
  return {
    'from-run': {
      name: 'from-run',
      aliases: [],
      takes: 'value',
      placeholder: 'run id',
      help: 'the copy to make a pipeline of (default: the last one that was published whole)',
      accepts: (word) => (/^[0-9a-f-]{8,}$/.test(word) || word === 'latest' ? 'certain' : 'no'),
    },
    source: {
      name: 'source',
      aliases: [],
      takes: 'value',
      placeholder: 'name',
      help: 'the rows of this source alone',
      accepts: (word) => (isPath(word) || word === 'latest' || /[.-]/.test(word) ? 'no' : 'possible'),
    },
    limit: {
      name: 'limit',
      aliases: [],
      takes: 'value',
      placeholder: 'rows',
      help: 'how many rows are shown (default 20)',
      accepts: (word) => (/^\d+$/.test(word) ? 'certain' : 'no'),
    },
    markdown: flag('markdown', [], 'the same as Markdown'),
    diff: flag('diff', [], 'the rows that would be published otherwise today'),
  };
}

export type StoredRunFlag = 'from-run' | 'source' | 'limit' | 'markdown' | 'diff';
