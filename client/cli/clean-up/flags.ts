import { flag, type OptionDeclaration } from '../option-declaration.ts';

/** Flags of commands that remove something. */
export function cleanUpFlags(): Record<CleanUpFlag, OptionDeclaration> {
  return {
    'dry-run': flag('dry-run', [], 'show what would go, and remove nothing'),
    yes: flag('yes', [], 'remove without asking'),
  };
}

export type CleanUpFlag = 'dry-run' | 'yes';
