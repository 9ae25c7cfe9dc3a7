import { builtInFormat, shownBy, type Shown } from './number-format.ts';
import type { PackageFile } from './package-file.ts';
import { attributeOf, localName, readPart } from './read-part.ts';

/** What cells of each style show of a number, by the style's number. */
export async function readStyles(file: PackageFile, part: string | undefined): Promise<readonly Shown[]> {
  const styles: Shown[] = [];
  if (part === undefined || !file.has(part)) return styles;
  const codes = new Map<number, string>();
  const around: string[] = [];
  await readPart(file, part, {
    open: (name, attributes) => {
      const local = localName(name);
      if (local === 'numFmt') {
        codes.set(Number(attributeOf(attributes, 'numFmtId')), attributeOf(attributes, 'formatCode') ?? '');
      }
      if (local === 'xf' && around.at(-1) === 'cellXfs') {
        const id = Number(attributeOf(attributes, 'numFmtId') ?? 0);
        const code = codes.get(id);
        styles.push(code === undefined ? builtInFormat(id) : shownBy(code));
      }
      around.push(local);
    },
    text: () => undefined,
    close: () => void around.pop(),
  });
  return styles;
}
