import { execaSync } from 'execa';
import { mkdirSync, readFileSync } from 'node:fs';
import { startTyped, type Ended } from './typed.ts';
import { startDevServer } from '../../support/dev-server.ts';

export interface OnFullDisk extends Ended {
  /** The sentence for people, up to the place. */
  readonly words: string;
  /** Files that the place holds afterwards, `<bytes> <path>`. */
  readonly left: readonly string[];
}

/** A disk of its own, seen by one command alone: as root, or as root of a user namespace. */
const OWN_DISK = [['--mount'], ['--user', '--map-root-user', '--mount']].find(
  (flags) =>
    execaSync('unshare', [...flags, 'sh', '-c', 'mount -t tmpfs tmpfs /tmp'], { reject: false }).exitCode === 0,
);

const SCRIPT = '"$@"; code=$?; find "$PLACE" -type f -size -1000000k -exec wc -c {} \\; > "$LIST"; exit $code';

/**
 * Runs a command to which the disk at `place` is full after some kilobytes. Where this machine lets nobody mount one, no
 * file of the command may grow beyond `perFile` kilobytes instead; its Temporal server, which writes too, then runs apart from it.
 */
export async function runOnFullDisk(
  home: string,
  disk: { readonly place: string; readonly kilobytes: number; readonly perFile: number },
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<OnFullDisk> {
  const { place, kilobytes, perFile } = disk;
  const list = `${place}.list`;
  mkdirSync(place, { recursive: true });
  const command = ['node', 'infra/setup/launch.mjs', ...args];
  const variables = { ...env, PLACE: place, LIST: list };
  const done = (ended: Ended): OnFullDisk => ({
    ...ended,
    words: OWN_DISK
      ? 'The disk is full.'
      : 'A file would become larger than this process or its file system may write.',
    left: readFileSync(list, 'utf8').split('\n').filter(Boolean),
  });
  if (OWN_DISK) {
    const mounted = `mount -t tmpfs -o size=${kilobytes}k tmpfs "$PLACE" && { ${SCRIPT}; }`;
    const prefix = ['unshare', ...OWN_DISK, 'sh', '-c', mounted, 'sh'];
    return done(await startTyped(home, [...prefix, ...command], { env: variables }).ended);
  }
  const server = await startDevServer(home);
  try {
    const limited = `ulimit -f ${perFile}; ${SCRIPT}`;
    return done(await startTyped(home, ['bash', '-c', limited, 'bash', ...command], { env: variables }).ended);
  } finally {
    await server.close();
  }
}
