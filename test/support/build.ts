import { execa } from 'execa';

/** Tests that run whole commands or worker threads use the built files: they must be those of the sources. */
export default async function build(): Promise<void> {
  await execa('node', ['infra/setup/launch.mjs', '--only-setup'], { stdio: 'inherit' });
}
