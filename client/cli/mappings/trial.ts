import { unfit } from '../../../activities/mappings/keep-mapping.ts';
import { routingProblem } from '../../../activities/mappings/routing-problem.ts';
import { tryMapping, type Trial } from '../../../activities/mappings/try-mapping.ts';
import type { UnknownShape } from '../../../activities/mappings/unknown-shapes.ts';
import { count, counted } from '../figures.ts';
import { terminalText } from '../runs/terminal-text.ts';
import type { ChosenMapping } from './chosen-mapping.ts';
import type { MappingDesk } from './mapping-desk.ts';

/** Tries a mapping on what waits. @throws AcequiaError (exit 2) where no record of the shape would come to it */
export async function tried(shape: UnknownShape, { mapping }: ChosenMapping, desk: MappingDesk): Promise<Trial> {
  const problem = routingProblem(shape, mapping, desk.mappings);
  if (problem !== undefined) throw unfit(mapping, shape.id, problem);
  return tryMapping(desk.session, desk.drain, shape, mapping, desk.mappings);
}

const FROM = {
  file: 'from the file',
  matcher: 'as the matcher proposes it',
  model: 'as the model proposes it',
  'in force': 'which is in force',
} as const;

export function trialLines(
  shape: UnknownShape,
  { mapping, from }: ChosenMapping,
  { records, rows, reasons }: Trial,
): string[] {
  const all = records < shape.records ? ` (of ${count(shape.records)} that wait)` : '';
  return [
    `${mapping.id}, version ${mapping.version}, ${FROM[from]}, on ${shape.id}:`,
    `  ${count(rows)} of ${counted(records, 'record')}${all} become rows`,
    ...reasons.map(({ reason, records: times }) => `  ${count(times)} × ${terminalText(reason, 200)}`),
  ];
}

/** The terminal is the person's own. */
export function exampleLines({ examples }: Trial): string[] {
  return examples.map((row) => {
    const cells = Object.entries(row).filter(([name, value]) => value !== null && !OWN.includes(name));
    return `  ${cells.map(([name, value]) => `${name}=${terminalText(String(value), 40)}`).join('  ')}`;
  });
}

const OWN: readonly string[] = ['mapping_id', 'mapping_version'];
