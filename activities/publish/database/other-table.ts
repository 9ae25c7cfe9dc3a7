import type { PublishRequest } from '../../../workflows/stages.ts';
import type { AcequiaError } from '../../failure/acequia-error.ts';
import { notOurs } from '../refusals.ts';
import type { TableThere } from './engine.ts';
import { LEDGER } from './ledger-row.ts';

/** What stands under the name of a table that is to be published, and is not ours. */
export function otherTable(request: PublishRequest, name: string, { kind }: TableThere, why: string): AcequiaError {
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
  return notOurs(
    request,
    `The database holds ${article} ${kind} "${name}" that Acequia did not make.`,
    why,
    `rename or drop the ${kind}, or publish to another table`,
  );
}

/** A table that is to be replaced, and that no load of ours has made. */
export function notMadeByUs(request: PublishRequest, name: string, there: TableThere): AcequiaError {
  return otherTable(request, name, there, `Its ledger, ${LEDGER}, knows no load that made it.`);
}

/** A view, a sequence or what else a database has under names is never written to, whoever made it. */
export function requireTable(request: PublishRequest, name: string, there: TableThere): void {
  if (there.kind !== 'table') throw otherTable(request, name, there, 'Rows go into plain tables only.');
}
