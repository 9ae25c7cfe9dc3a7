import type { FileFormat } from '../../files/file-format.ts';

/** What a file plainly is that cannot be read, and how to make something of it that can. */
export interface Refusal {
  readonly what: string;
  readonly remedy: string;
}

const UNPACK = 'unpack it and give the files inside, or pack them with gzip, zstd or zip';
const EXPORT = 'export the data as CSV, JSON, Parquet or an Excel workbook (.xlsx) and give that file';
const SHEET = 'save the sheet as an Excel workbook (.xlsx) or as CSV (UTF-8)';

/** Signatures in hex at a byte of the file, and what begins with them. */
const REFUSED: readonly (readonly [at: number, hex: string, what: string, remedy: string])[] = [
  [0, 'fd377a585a00', 'xz-compressed data', `unpack it (xz -d FILE), or pack the file with gzip or zstd`],
  [0, '377abcaf271c', 'a 7z archive', `unpack it (7z x FILE), or pack the files with zip`],
  [0, '526172211a07', 'a RAR archive', UNPACK],
  [0, '04224d18', 'LZ4-compressed data', `unpack it (lz4 -d FILE), or pack the file with gzip or zstd`],
  [257, '7573746172', 'a tar archive', UNPACK],
  [0, 'd0cf11e0a1b11ae1', 'an old Office document (.xls), or one with a password', SHEET],
  [0, '255044462d', 'a PDF document', EXPORT],
  [0, '53514c69746520666f726d6174203300', 'a SQLite database', EXPORT],
  [0, '89504e470d0a1a0a', 'a PNG image', EXPORT],
  [0, 'ffd8ff', 'a JPEG image', EXPORT],
  [0, '7f454c46', 'a program (ELF)', EXPORT],
  [0, '4f626a01', 'an Avro file', EXPORT],
  [0, '4152524f57310000', 'an Arrow file', EXPORT],
];

/** `BZh`, a level, and the digits of pi as every block begins, or of its square root as an empty file ends. */
const BZIP2 = /^425a683[1-9](314159265359|177245385090)/;

/** What the file is if it plainly is something that is not read here; `undefined` when it may be text, or is read. */
export function refusedBySignature(head: Buffer): Refusal | undefined {
  if (BZIP2.test(head.subarray(0, 10).toString('hex'))) {
    return {
      what: 'bzip2-compressed data',
      remedy: 'unpack it (bzip2 -d FILE), or pack the file with gzip or zstd',
    };
  }
  const found = REFUSED.find(([at, hex]) => head.subarray(at, at + hex.length / 2).toString('hex') === hex);
  return found && { what: found[2], remedy: found[3] };
}

/** Binary data, by its NUL bytes. For heads that are not UTF-16. */
export function refusedAsBinary(head: Buffer): Refusal | undefined {
  let nuls = 0;
  for (const byte of head) if (byte === 0) nuls += 1;
  return nuls > head.length * 0.1 ? { what: 'binary data (many NUL bytes)', remedy: EXPORT } : undefined;
}

/** What a text's beginning says. `sure`: nothing else begins like that; else the name may decide among `formats`. */
export interface TextLikeness {
  readonly formats: readonly [FileFormat, ...FileFormat[]];
  readonly sure: boolean;
  readonly refusal?: Refusal;
}

/** The format of a text by its beginning, without byte-order mark. `whole`: this is all of it. */
export function textFormat(text: string, whole: boolean): TextLikeness {
  if (/^\s*<(!doctype\s+html|html)\b/i.test(text)) {
    return {
      formats: ['xml'],
      sure: true,
      refusal: {
        what: 'an HTML page',
        remedy: 'look at it in a browser: a download that needs a login often gives such a page; fetch the data itself',
      },
    };
  }
  if (/^\s*<(\?xml\b|!--|!doctype\b|[a-z_][\w:.-]*[\s/>])/i.test(text)) return { formats: ['xml'], sure: true };
  if (/^\s*(\{\s*["}]|\[\s*(["{[\]]|-?\d|true\b|false\b|null\b))/.test(text)) return jsonOrLines(text, whole);
  return { formats: ['csv', 'jsonl', 'json', 'xml'], sure: false };
}

/**
 * One document, or one a line: whether a second value follows where the first ends, or the first has line breaks inside.
 * Neither within the head: one value that says it alone, so the name decides.
 */
function jsonOrLines(text: string, whole: boolean): TextLikeness {
  const end = endOfValue(text);
  const first = end === undefined ? text : text.slice(0, end);
  const broken = /[\r\n]/.test(first.trim());
  if (end === undefined) return { formats: broken ? ['json'] : ['json', 'jsonl'], sure: broken };
  const rest = text.slice(end);
  if (/^[^\S\r\n]*[\r\n]\s*[{["\d\-tfn]/.test(rest))
    return broken ? { formats: ['json', 'jsonl'], sure: false } : { formats: ['jsonl'], sure: true };
  if (/\S/.test(rest)) return { formats: ['json', 'jsonl', 'csv'], sure: false };
  return broken && whole ? { formats: ['json'], sure: true } : { formats: ['json', 'jsonl'], sure: false };
}

/** Where the object or list at the text's start is closed; `undefined` when the text ends before. */
function endOfValue(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (quoted) {
      if (character === '\\') i += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
}
