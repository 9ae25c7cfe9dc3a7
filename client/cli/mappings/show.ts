import { studyShape } from '../../../activities/mappings/shape-proposals.ts';
import { rowsByMapping } from '../../../activities/mappings/rows-by-mapping.ts';
import type { UnknownShape } from '../../../activities/mappings/unknown-shapes.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { counted } from '../figures.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { typedCommand } from '../shell-words.ts';
import { nothingCalled, shapeNamed } from './find-shape.ts';
import { withDesk, type DeskArguments, type MappingDesk } from './mapping-desk.ts';
import { completeness, profileLines, proposalLines } from './proposal-text.ts';

export interface ShowMappingArguments extends DeskArguments {
  /** A shape's or a mapping's id. */
  readonly word: string;
  readonly json: boolean;
}

/** `acequia mappings show`: a shape with the profiles of its values and what is proposed, or a mapping. No value is shown. */
export async function showMapping({ word, json, ...args }: ShowMappingArguments): Promise<ExitCode> {
  const interrupts = listenForInterrupts();
  try {
    return await withDesk(args, interrupts.signal, async (desk) => {
      const shape = shapeNamed(word, desk);
      const { document, text } = shape ? await shapeTold(shape, desk) : await mappingTold(word, desk);
      process.stdout.write(`${json ? JSON.stringify(document, null, 2) : text}\n`);
      return EXIT.done;
    });
  } finally {
    interrupts.stopListening();
  }
}

interface Told {
  readonly document: object;
  readonly text: string;
}

async function shapeTold(shape: UnknownShape, { session, drain, stored }: MappingDesk): Promise<Told> {
  const { profiles, by, proposal } = await studyShape(session, drain, shape, stored);
  const { mapping, columns, missing } = proposal;
  const { id, records, firstSeen } = shape;
  const next =
    missing.length === 0
      ? `${typedCommand(['mappings', 'test', id])}   tries it on the records that wait`
      : `complete it in a file, then: ${typedCommand(['mappings', 'test', id, 'mapping.json'])}`;
  return {
    document: { shape: id, records, firstSeen, profiles, proposal: { by, missing, columns, mapping } },
    text: [
      `shape ${id}: ${counted(records, 'record')} waiting, first seen ${firstSeen}`,
      ...profileLines(profiles),
      `proposed by the ${by}: ${completeness(missing.map(({ column }) => column))}`,
      ...proposalLines(proposal),
      JSON.stringify(mapping, null, 2),
      `next:  ${next}`,
    ].join('\n'),
  };
}

/** All versions of a mapping, the latest one first. */
async function mappingTold(word: string, { session, drain, stored, shapes, pipeline }: MappingDesk): Promise<Told> {
  const versions = stored.filter(({ mapping, state }) => mapping.id === word && state === 'approved').reverse();
  if (versions.length === 0) {
    const ids = [...shapes.map(({ id }) => id), ...stored.map(({ mapping }) => mapping.id)];
    throw nothingCalled(word, 'shape or mapping', [...new Set(ids)], pipeline);
  }
  const counts = await rowsByMapping(session, drain.target);
  const told = versions.map(({ mapping, origin, reason }) => {
    const found = counts.find(({ id, version }) => id === mapping.id && version === mapping.version);
    return { origin, reason: reason ?? null, rows: found?.rows ?? 0, quarantined: found?.quarantined ?? 0, mapping };
  });
  const lines = told.map(({ mapping, origin, reason, rows, quarantined }) =>
    [
      `${mapping.id}, version ${mapping.version}: ${origin}${reason === null ? '' : ` (${reason})`}; ${counted(rows, 'row')}, ${quarantined} quarantined`,
      JSON.stringify(mapping, null, 2),
    ].join('\n'),
  );
  return { document: { mapping: word, versions: told }, text: lines.join('\n') };
}
