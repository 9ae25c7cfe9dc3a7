import { isPath, type OptionDeclaration } from '../option-declaration.ts';
import type { ProjectNames } from '../project-names.ts';

/** Flags of commands about mappings. */
export function mappingFlags({ pipelines }: ProjectNames): Record<MappingFlag, OptionDeclaration> {
  return {
    pipeline: {
      name: 'pipeline',
      aliases: [],
      takes: 'value',
      placeholder: 'name',
      help: 'the pipeline whose mappings are meant (default: the only one that drains what waits)',
      accepts: (word) => (pipelines.includes(word) ? 'certain' : 'no'),
    },
    id: {
      name: 'id',
      aliases: [],
      takes: 'value',
      placeholder: 'name',
      help: 'how the mapping is called from now on (default: as its file or the proposal says)',
      accepts: (word) =>
        /^[a-z0-9][a-z0-9-]*$/.test(word) && !isPath(word) && !pipelines.includes(word) ? 'possible' : 'no',
    },
  };
}

export type MappingFlag = 'pipeline' | 'id';
