import { flag, type OptionDeclaration } from '../option-declaration.ts';

/** Flags of commands that remove something. */
export function cleanUpFlags(): Record<CleanUpFlag, OptionDeclaration> {
  return {
    'dry-run': flag('dry-run', [], 'say what would be done, and do nothing'),
    yes: flag('yes', [], 'remove without asking'),
  };
}

export type CleanUpFlag = 'dry-run' | 'yes';
