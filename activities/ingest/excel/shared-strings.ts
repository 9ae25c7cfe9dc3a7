import { AcequiaError } from '../../failure/acequia-error.ts';
import { unescaped } from './escaped-text.ts';
import type { PackageFile } from './package-file.ts';
import { localName, readPart } from './read-part.ts';

/** Characters of all shared texts of a workbook: they are held in memory. */
const MOST_CHARACTERS = 128 * 1024 * 1024;

/** The texts that cells refer to by number. Rich text is its runs joined; readings of Japanese text are left out. */
export async function readSharedStrings(file: PackageFile, part: string | undefined): Promise<readonly string[]> {
  const texts: string[] = [];
  if (part === undefined || !file.has(part)) return texts;
  const around: string[] = [];
  let text = '';
  let characters = 0;
  await readPart(file, part, {
    open: (name) => {
      const local = localName(name);
      if (local === 'si') text = '';
      around.push(local);
    },
    text: (piece) => {
      if (around.at(-1) === 't' && around.at(-2) !== 'rPh') text += piece;
    },
    close: () => {
      if (around.pop() !== 'si') return;
      texts.push(unescaped(text));
      characters += text.length + 16;
      if (characters > MOST_CHARACTERS) throw tooMuchText(file.name);
    },
  });
  return texts;
}

function tooMuchText(name: string): AcequiaError {
  return new AcequiaError('SourceRefused', {
    what: `The workbook has more than ${MOST_CHARACTERS} characters of text.`,
    where: name,
    remedy: 'export it as CSV: so much text is no matter there',
  });
}
