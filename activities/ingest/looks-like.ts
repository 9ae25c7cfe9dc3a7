/** What a file's first bytes say it is, and how to make a CSV file of it. */
export interface Likeness {
  readonly what: string;
  readonly remedy: string;
}

/** Bytes of the file's start that `looksLike` wants to see. */
export const HEAD_BYTES = 64 * 1024;

const UNPACK = 'unpack it and give the CSV file inside';
const EXPORT = 'export the data as CSV (UTF-8) and give that file';

/** Signatures in hex, and what begins with them. */
const SIGNATURES: readonly (readonly [hex: string, what: string, remedy: string])[] = [
  ['1f8b', 'gzip-compressed data', UNPACK],
  ['425a68', 'bzip2-compressed data', UNPACK],
  ['28b52ffd', 'Zstandard-compressed data', UNPACK],
  ['fd377a585a00', 'xz-compressed data', UNPACK],
  ['377abcaf271c', 'a 7z archive', UNPACK],
  ['504b0304', 'a ZIP archive or an Excel workbook (.xlsx)', 'unpack the archive, or save the sheet as CSV (UTF-8)'],
  ['d0cf11e0a1b11ae1', 'an old Office document (.xls)', 'save the sheet as CSV (UTF-8)'],
  ['50415231', 'a Parquet file', EXPORT],
  ['255044462d', 'a PDF document', EXPORT],
  ['53514c69746520666f726d6174203300', 'a SQLite database', EXPORT],
  ['89504e470d0a1a0a', 'a PNG image', EXPORT],
  ['ffd8ff', 'a JPEG image', EXPORT],
  ['7f454c46', 'a program (ELF)', EXPORT],
];

/** What the file is if it is plainly not delimited text in UTF-8; `undefined` when it may be. */
export function looksLike(head: Buffer): Likeness | undefined {
  const start = head.subarray(0, 16).toString('hex');
  for (const [hex, what, remedy] of SIGNATURES) if (start.startsWith(hex)) return { what, remedy };
  const utf16 = wideText(head);
  if (utf16)
    return { what: `text in ${utf16}`, remedy: `convert it to UTF-8, for example: iconv -f ${utf16} -t UTF-8` };
  if (share(head, 0, 1) > 0.1) return { what: 'binary data (many NUL bytes)', remedy: EXPORT };
  const text = head
    .subarray(0, 4096)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  if (/^\s*(\{\s*["}]|\[\s*(["{[\]]|-?\d|true\b|false\b|null\b))/.test(text)) return { what: 'JSON', remedy: EXPORT };
  if (/^\s*<(\?xml|!--|!doctype|[a-z][\w:.-]*[\s/>])/i.test(text)) return { what: 'XML or HTML', remedy: EXPORT };
  return undefined;
}

/** Text of two or four bytes a character: by its byte-order mark, or by where its NUL bytes stand. */
function wideText(head: Buffer): string | undefined {
  const start = head.subarray(0, 4).toString('hex');
  if (start === 'fffe0000' || start === '0000feff') return 'UTF-32';
  if (start.startsWith('fffe') || start.startsWith('feff')) return 'UTF-16';
  const even = share(head, 0, 2);
  const odd = share(head, 1, 2);
  if (odd > 0.4 && even < 0.1) return 'UTF-16LE';
  return even > 0.4 && odd < 0.1 ? 'UTF-16BE' : undefined;
}

/** The share of NULs among the bytes at `first`, `first + step`, … */
function share(head: Buffer, first: number, step: number): number {
  let nuls = 0;
  let seen = 0;
  for (let i = first; i < head.length; i += step, seen += 1) if (head[i] === 0) nuls += 1;
  return seen === 0 ? 0 : nuls / seen;
}
