import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import type { PlanSettings } from '../../activities/plan/make-plan.ts';

/** Writes a pipeline's files (`pipeline.ts`, `models/x.sql`, `sample/x.csv`, …) below `<folder>/pipelines/<name>`. */
export async function writePipeline(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<PlanSettings> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'pipelines', name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text.replaceAll("'acequia'", `'${join(projectRoot(), 'workflows/definition/index.ts')}'`));
  }
  return planSettings(folder, join(folder, 'pipelines'));
}

export function planSettings(folder: string, pipelinesFolder: string): PlanSettings {
  return {
    environment: 'dev',
    defaults: true,
    pipelinesFolder,
    lake: `file://${folder}/lake`,
    out: join(folder, 'out'),
    samples: join(folder, 'samples'),
    variables: {},
  };
}
