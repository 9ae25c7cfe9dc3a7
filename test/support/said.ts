import { onTestFinished, vi } from 'vitest';

/** Runs a command in this process against the environment `dev` below `home`; returns what it wrote to standard output. */
export async function said(home: string, command: () => Promise<number>): Promise<{ code: number; text: string }> {
  vi.stubEnv('ACEQUIA_HOME', home);
  vi.stubEnv('ACEQUIA_LAKE', '');
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  onTestFinished(() => void vi.unstubAllEnvs());
  try {
    return { code: await command(), text };
  } finally {
    spy.mockRestore();
  }
}
