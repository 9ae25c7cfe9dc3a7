import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/** Colours for a stream: none off a terminal, none under `NO_COLOR` or `TERM=dumb`. */
export function colorsFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Colors {
  return picocolors.createColors(stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb');
}
