import { cleanUpFlags, type CleanUpFlag } from './clean-up/flags.ts';
import { copyFlags, type CopyFlag } from './copy/flags.ts';
import { mappingFlags, type MappingFlag } from './mappings/flags.ts';
import type { OptionDeclaration } from './option-declaration.ts';
import type { ProjectNames } from './project-names.ts';
import { runFlags, type RunFlag } from './run-flags.ts';
import { storedRunFlags, type StoredRunFlag } from './runs/flags.ts';

export type OptionName = RunFlag | CopyFlag | StoredRunFlag | CleanUpFlag | MappingFlag;

/** All flags of all commands, with what the project knows about words. */
export function declareOptions(project: ProjectNames): Record<OptionName, OptionDeclaration> {
  return { ...runFlags(project), ...copyFlags(), ...storedRunFlags(), ...cleanUpFlags(), ...mappingFlags(project) };
}
