import { AcequiaError } from '../../failure/acequia-error.ts';
import { FORMAT_NAMES, promisedByName, type FileFormat } from '../../files/file-format.ts';
import type { Sniffed } from './sniff.ts';

export interface SettledFormat {
  readonly format: FileFormat;
  readonly warnings: readonly string[];
}

/**
 * The format of an unpacked file. A declared one wins, unless the content is plainly something else. Otherwise content
 * that is plain decides, with a warning where the name says something else; and where content leaves it open, the name.
 * Error `SourceWrongType`: what was expected, what was found.
 */
export function settleFormat(declared: FileFormat | 'auto', name: string, sniffed: Sniffed): SettledFormat {
  const promised = promisedByName(name).format;
  const expected = declared === 'auto' ? undefined : declared;
  if (sniffed.refusal) throw wrongType(name, expected ?? promised, sniffed.refusal.what, sniffed.refusal.remedy);
  const [likeliest] = sniffed.formats;
  if (!likeliest) {
    throw wrongType(
      name,
      expected ?? promised,
      'a packed file inside a packed file',
      'unpack it once and give the files inside',
    );
  }
  if (expected) {
    if (sniffed.formats.includes(expected)) return { format: expected, warnings: [] };
    throw wrongType(name, expected, FORMAT_NAMES[likeliest], declareRemedy(likeliest));
  }
  if (promised && sniffed.formats.includes(promised)) return { format: promised, warnings: [] };
  // Text that may be anything, under a name that says it is no text.
  if (promised && likeliest === 'csv')
    throw wrongType(name, promised, 'text', "export it again, or declare format: 'csv'");
  const warnings =
    promised && name.split('.').at(-1)?.toLowerCase() !== 'txt'
      ? [`its name says ${FORMAT_NAMES[promised]}, its content is ${FORMAT_NAMES[likeliest]} and is read as such`]
      : [];
  return { format: likeliest, warnings };
}

function declareRemedy(found: FileFormat): string {
  return `declare format: '${found}', or put a file of the declared format there`;
}

function wrongType(name: string, expected: FileFormat | undefined, found: string, remedy: string): AcequiaError {
  return new AcequiaError('SourceWrongType', {
    what: `Expected ${expected ? FORMAT_NAMES[expected] : 'a file of data'}, found ${found}.`,
    where: name,
    why: 'Its content says so, whatever its name is.',
    remedy,
  });
}
