import type { OpenedFile } from '../files/open-file.ts';
import { JsonSplitter } from '../json/json-splitter.ts';
import { splitting } from './splitting.ts';

/** What a list of records is called inside an object that only wraps it. */
const LIST_NAMES = ['records', 'transactions', 'payments', 'events', 'data', 'results', 'rows', 'entries'];
/** The list begins among so many bytes. */
const HEAD_BYTES = 1 << 16;

/**
 * The member that is the list of records, where the file is one object that wraps it: the first list of objects that has one of the
 * usual names. Empty: the document itself is the list or the record.
 */
export async function wrappedList(
  { path, name }: Pick<OpenedFile, 'path' | 'name'>,
  signal: AbortSignal,
): Promise<string> {
  let wrapped: string | undefined;
  let documents = 0;
  const splitter = new JsonSplitter({ records: '' }, { windowBytes: 1, name });
  for await (const { bytes, base, windows } of splitting(path, splitter, signal)) {
    if (base === 0) wrapped = listIn(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString());
    documents += windows.length;
    if (wrapped === undefined || documents > 1) return '';
  }
  return wrapped ?? '';
}

const TOKEN = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:\s*\[\s*\{)?|["{}[\]]/gs;

/** Of an object that begins so: the first of its own members that is a list of objects and called like one. */
function listIn(head: string): string | undefined {
  if (!/^\uFEFF?\s*\{/.test(head)) return undefined;
  let depth = 0;
  for (const [token, name, list] of head.matchAll(TOKEN)) {
    // A text that goes on behind the head.
    if (token === '"') return undefined;
    if (list !== undefined) {
      if (depth === 1 && LIST_NAMES.includes(name ?? '')) return name;
      depth += 2;
    } else if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth === 0) return undefined;
  }
  return undefined;
}
