import fc from 'fast-check';
import { loadFile } from '../load-file.ts';
import { pack, PACKINGS, type Packing } from './packed.ts';
import { asTexts, expectTexts, expectValues, type WrittenFile } from './written-file.ts';

export const packing = fc.constantFrom(...PACKINGS);
/** Nothing declared but what must be; or every column, as a text. */
export const declared = fc.boolean();

/** A written table comes back whole from a file that is packed in this way. Errors: those of `ingestSource`. */
export async function expectRoundTrip(
  folder: string,
  file: WrittenFile,
  packing: Packing,
  texts: boolean,
): Promise<void> {
  const { name, bytes } = await pack(file.name, file.bytes, packing);
  const source = texts ? { ...file.source, columns: asTexts(file) } : file.source;
  const loaded = await loadFile(folder, name, bytes, source);
  if (texts) expectTexts(loaded, file);
  else expectValues(loaded, file);
}
