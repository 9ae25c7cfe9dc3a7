import { requireNext } from '../../../activities/mappings/keep-mapping.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { typedCommand } from '../shell-words.ts';
import { chosenMapping, type MappingWords } from './chosen-mapping.ts';
import { requireShape } from './find-shape.ts';
import { withDesk, type DeskArguments } from './mapping-desk.ts';
import { exampleLines, trialLines, tried } from './trial.ts';

export interface TestMappingArguments extends DeskArguments, MappingWords {
  readonly shape: string;
  readonly json: boolean;
}

/**
 * `acequia mappings test`: what a mapping would make of the records that wait. Nothing is written. Exit status 1 where it makes a
 * row of none.
 */
export async function testMapping({ shape: word, json, ...args }: TestMappingArguments): Promise<ExitCode> {
  const interrupts = listenForInterrupts();
  try {
    return await withDesk(args, interrupts.signal, async (desk) => {
      const shape = requireShape(word, desk);
      const chosen = await chosenMapping(shape, args, desk);
      if (chosen.from === 'file') requireNext(desk.stored, chosen.mapping);
      const trial = await tried(shape, chosen, desk);
      const { mapping, from } = chosen;
      const next = typedCommand(['mappings', 'approve', shape.id, ...(args.file === undefined ? [] : [args.file])]);
      const text = json
        ? JSON.stringify(
            { shape: shape.id, mapping: { id: mapping.id, version: mapping.version, from }, ...trial },
            null,
            2,
          )
        : [
            ...trialLines(shape, chosen, trial),
            ...exampleLines(trial),
            trial.rows > 0 ? `next:  ${next}` : 'next:  mend the mapping, and test it again',
          ].join('\n');
      process.stdout.write(`${text}\n`);
      return trial.rows > 0 || trial.records === 0 ? EXIT.done : EXIT.failed;
    });
  } finally {
    interrupts.stopListening();
  }
}
