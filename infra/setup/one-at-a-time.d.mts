/**
 * Runs `work` while holding a lock file that names this process. Where another living process holds it,
 * waits; a lock whose process is gone is taken over.
 */
export function oneAtATime<T>(
  lockFile: string,
  work: () => Promise<T>,
  options?: { waiting?: (pid: number) => void; everyMs?: number },
): Promise<T>;
