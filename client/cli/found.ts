import { statSync, type Stats } from 'node:fs';

/** What is at a path; nothing where there is nothing, or nothing that can be reached. */
export function found(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
