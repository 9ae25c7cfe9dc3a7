import { closeSync, openSync, writeSync } from 'node:fs';

const ENOUGH = 1 << 20;

/**
 * Writes a file piece by piece.
 *
 * @param {string} path
 * @param {(put: (text: string) => void) => void} fill
 */
export function writeFile(path, fill) {
  const file = openSync(path, 'w');
  let held = '';
  try {
    fill((text) => {
      held += text;
      if (held.length < ENOUGH) return;
      writeSync(file, held);
      held = '';
    });
    writeSync(file, held);
  } finally {
    closeSync(file);
  }
}
