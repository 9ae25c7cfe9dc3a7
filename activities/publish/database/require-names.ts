import type { PublishRequest } from '../../../workflows/stages.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Load } from '../staged-load.ts';
import type { NameLimits } from './engine.ts';
import { LEDGER } from './ledger-row.ts';

/** The names of a table and of its columns are some that the engine takes as they are; asked before anything is done. */
export function requireNames(request: PublishRequest, { longest, tables, columns }: NameLimits, load: Load): void {
  const { name } = load.table;
  const refuse = (what: string, kind: 'table' | 'column', why: string): AcequiaError =>
    new AcequiaError('DefinitionInvalid', {
      what: `No ${kind} can have the name "${what}" there.`,
      where: `${request.destination.path}, table ${name}`,
      why,
      remedy: kind === 'table' ? 'publish it under another name' : 'give the column another name',
    });
  const requireLength = (what: string, kind: 'table' | 'column'): void => {
    const bytes = Buffer.byteLength(what);
    if (longest !== undefined && bytes > longest)
      throw refuse(what, kind, `It has ${bytes} bytes, and a name has at most ${longest}.`);
  };
  if (name.toLowerCase() === LEDGER) throw refuse(name, 'table', 'The ledger of what was loaded has it.');
  if (tables?.test(name)) throw refuse(name, 'table', 'The database keeps such names for itself.');
  requireLength(name, 'table');
  for (const { name: column } of load.columns) {
    if (columns?.test(column))
      throw refuse(
        column,
        'column',
        'The database keeps that name for itself, or does not take one of its characters.',
      );
    requireLength(column, 'column');
  }
}
