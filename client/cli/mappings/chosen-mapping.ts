import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nextVersion } from '../../../activities/mappings/keep-mapping.ts';
import { studyShape } from '../../../activities/mappings/shape-proposals.ts';
import type { UnknownShape } from '../../../activities/mappings/unknown-shapes.ts';
import { mappingsFor } from '../../../activities/normalise/find-mapping.ts';
import { parseMapping } from '../../../activities/normalise/load-mappings.ts';
import type { Mapping } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';
import { typedCommand } from '../shell-words.ts';
import type { MappingDesk } from './mapping-desk.ts';

/** The mapping that a command is about, and where it comes from. */
export interface ChosenMapping {
  readonly mapping: Mapping;
  readonly from: 'file' | 'matcher' | 'model' | 'in force';
}

/** Which one is meant. */
export interface MappingWords {
  /** A file with a mapping. Default: the one in force for the shape, else the proposal. */
  readonly file: string | undefined;
  readonly id: string | undefined;
  /** What a relative path counts from. */
  readonly folder: string;
}

/** @throws CommandError, AcequiaError (exit 2) for a file that holds no mapping, and where a proposal is not complete */
export async function chosenMapping(
  shape: UnknownShape,
  { file, id, folder }: MappingWords,
  desk: MappingDesk,
): Promise<ChosenMapping> {
  if (file !== undefined) {
    const text = await mappingText(resolve(folder, file), file);
    const mapping = parseMapping(text, file, desk.drain.target);
    return { mapping: id === undefined ? mapping : renamed(mapping, id, file, desk), from: 'file' };
  }
  const [candidate] = mappingsFor(shape, desk.mappings);
  if (candidate) return { mapping: candidate.mapping, from: 'in force' };
  const { proposal, by } = await studyShape(desk.session, desk.drain, shape, desk.stored);
  if (proposal.missing.length > 0) throw incomplete(shape, proposal.missing);
  const named = id ?? proposal.mapping.id;
  const proposed = { ...proposal.mapping, version: nextVersion(desk.stored, named) };
  return { mapping: renamed(proposed, named, 'the proposal', desk), from: by };
}

async function mappingText(path: string, written: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    throw usageError(
      `The file "${written}" cannot be read (${code}).`,
      'name a file of JSON that holds one mapping (docs/mappings.md)',
    );
  }
}

/** A name that is none is found as in a file. */
function renamed(mapping: Mapping, id: string, where: string, { drain }: MappingDesk): Mapping {
  return parseMapping(JSON.stringify({ ...mapping, id }), where, drain.target);
}

function incomplete({ id }: UnknownShape, missing: readonly { readonly column: string; readonly why: string }[]) {
  const reasons = missing.map(({ column, why }) => `\n    ${column}: ${why}`).join('');
  return usageError(
    `Nothing complete is proposed for the shape ${id}; required columns are missing:${reasons}`,
    `${typedCommand(['mappings', 'show', id])}   shows what there is; write the mapping into a file and name it behind the shape`,
  );
}
