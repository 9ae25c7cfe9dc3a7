import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openLake, type Lake } from '../../../activities/lake/lake.ts';
import { startGcs, startS3, type ObjectServer } from '../../support/object-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A kind of lake under test. */
export interface LakeKind {
  readonly name: string;
  /** A new, empty one. */
  readonly open: () => Promise<{ readonly lake: Lake; readonly leftovers: () => Promise<string[]> }>;
}

const onDisk: LakeKind = {
  name: 'a folder',
  open: async () => {
    const folder = join(await temporaryFolder(), 'a lake');
    return { lake: openLake(pathToFileURL(folder).href), leftovers: () => names(join(folder, 'incoming')) };
  },
};

async function inBucket(name: string, scheme: string, server: ObjectServer): Promise<LakeKind> {
  Object.assign(process.env, server.environment);
  await server.makeBucket('lake-bucket');
  let lakes = 0;
  return {
    name,
    open: async () => {
      const home = await temporaryFolder();
      process.env['ACEQUIA_HOME'] = home;
      const lake = openLake(`${scheme}://lake-bucket/lakes/n${(lakes += 1)}`);
      return { lake, leftovers: () => names(join(home, 'copies', 'in-use')) };
    },
  };
}

/** Every kind of lake, on real servers. To be called while a test file is loaded. */
export async function everyLake(): Promise<readonly LakeKind[]> {
  return [
    onDisk,
    await inBucket('S3', 's3', await startS3()),
    await inBucket('Google Cloud Storage', 'gs', await startGcs()),
  ];
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
