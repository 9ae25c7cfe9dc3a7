import type { LakeUri, LandedFile, RunIdentity } from '../../workflows/stages.ts';
import type { Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';

/** Rows of a table in a file of our own. */
export interface TableFile {
  readonly path: string;
  /** For people, and as `_file`. */
  readonly name: string;
}

/** Lands the files of a table, and the list of them, from which ingest reads them. Returns the list's place. */
export async function landTable(
  lake: Lake,
  run: RunIdentity,
  source: string,
  files: readonly TableFile[],
  work: Work,
): Promise<{ readonly landed: LakeUri; readonly bytes: number }> {
  const landed: LandedFile[] = [];
  let total = 0;
  for (const { path, name } of files) {
    const landing = await lake.land(path, () => work.report({ step: `landing ${name}` }), work.signal);
    await landing.keep();
    const { uri, digest, bytes } = landing.landed;
    landed.push({ name, digest, landing: uri, origin: 'own' });
    total += bytes;
  }
  const list = `reports/${run.pipeline}/${run.runId}/landed/${source}.json`;
  return { landed: await lake.writeText(list, JSON.stringify(landed)), bytes: total };
}
