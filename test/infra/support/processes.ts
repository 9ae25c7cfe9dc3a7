import { readFileSync } from 'node:fs';

/** Whether a process is there and runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** A killed process that its parent has not asked for yet: gone for our purpose. */
function isZombie(pid: number): boolean {
  return process.platform === 'linux' && /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** Waits for something that another process is about to do. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not come to hold within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
