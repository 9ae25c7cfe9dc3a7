import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { CopyOptions } from '../../../workflows/definition/index.ts';

const LONGEST = 24;

/**
 * What a copy's runs are called instead of a pipeline: `copy-duckdb.out-ventas-3f2a91bc`. The same files to the same
 * place have the same name, so that one of them is open at a time. It holds a point, as no pipeline's name does.
 */
export function copyName({ from, to, table }: Pick<CopyOptions, 'from' | 'to' | 'table'>): string {
  const [first = ''] = from;
  const what = table ?? (from.length === 1 ? stem(first) : 'files');
  const digest = createHash('sha256')
    .update(JSON.stringify([[...from].sort(), to.path, table ?? null, ...(to.server ? [to.server] : [])]))
    .digest('hex');
  return `copy-${to.kind}.${slug(placeName(to))}-${slug(what)}-${digest.slice(0, 8)}`;
}

/** Of a server, what leads to it. */
function placeName({ kind, path, server }: CopyOptions['to']): string {
  if (kind !== 'postgres') return stem(path);
  const database = server?.setting ?? new URL(server?.url ?? path).pathname;
  return server?.schema === undefined ? database : `${database}_${server.schema}`;
}

function stem(path: string): string {
  const name = basename(path);
  return name.slice(0, name.length - extname(name).length) || name;
}

function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return plain.slice(0, LONGEST) || 'files';
}
