import Table from 'cli-table3';
import { rowsByMapping, type MappingCounts } from '../../../activities/mappings/rows-by-mapping.ts';
import { studyShape } from '../../../activities/mappings/shape-proposals.ts';
import type { UnknownShape } from '../../../activities/mappings/unknown-shapes.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count, counted } from '../figures.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { fitting } from '../key-list.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { typedCommand } from '../shell-words.ts';
import { withDesk, type DeskArguments, type MappingDesk } from './mapping-desk.ts';
import { completeness } from './proposal-text.ts';

const PATHS_WIDTH = 60;

interface ListedShape {
  readonly shape: UnknownShape;
  readonly proposal: { readonly by: string; readonly missing: readonly string[] };
}

interface ListedMapping extends MappingCounts {
  readonly origin: string;
}

/** `acequia mappings list`: shapes whose records wait, and the mappings in force. Nothing is written. */
export async function listMappings(args: DeskArguments & { readonly json: boolean }): Promise<ExitCode> {
  const interrupts = listenForInterrupts();
  try {
    return await withDesk(args, interrupts.signal, async (desk) => {
      const shapes = await waitingShapes(desk);
      const mappings = await mappingsInForce(desk);
      const text = args.json ? JSON.stringify(documentOf(desk, shapes, mappings), null, 2) : textOf(shapes, mappings);
      process.stdout.write(`${text}\n`);
      return EXIT.done;
    });
  } finally {
    interrupts.stopListening();
  }
}

async function waitingShapes({ session, drain, shapes, stored }: MappingDesk): Promise<ListedShape[]> {
  const listed: ListedShape[] = [];
  for (const shape of shapes.filter(({ records }) => records > 0)) {
    const { by, proposal } = await studyShape(session, drain, shape, stored);
    listed.push({ shape, proposal: { by, missing: proposal.missing.map(({ column }) => column) } });
  }
  return listed;
}

async function mappingsInForce({ session, drain, stored, mappings }: MappingDesk): Promise<ListedMapping[]> {
  if (mappings.length === 0) return [];
  const counts = await rowsByMapping(session, drain.target);
  return mappings.map(({ id, version }) => {
    const found = counts.find((one) => one.id === id && one.version === version);
    const kept = stored.find(({ mapping }) => mapping.id === id && mapping.version === version);
    const { rows = 0, quarantined = 0 } = found ?? {};
    return { id, version, rows, quarantined, origin: kept?.origin ?? 'shipped' };
  });
}

function documentOf(
  { pipeline }: MappingDesk,
  shapes: readonly ListedShape[],
  mappings: readonly ListedMapping[],
): object {
  return {
    pipeline,
    shapes: shapes.map(({ shape: { id, records, firstSeen, paths }, proposal }) => {
      return { shape: id, records, firstSeen, paths, proposal };
    }),
    mappings,
  };
}

function textOf(shapes: readonly ListedShape[], mappings: readonly ListedMapping[]): string {
  const [first] = shapes;
  const next = first
    ? `next:  ${typedCommand(['mappings', 'show', first.shape.id])}   shows what is proposed`
    : 'no record waits for a mapping';
  return [
    ...(first ? [shapesTable(shapes)] : []),
    ...(mappings.length > 0 ? [mappingsTable(mappings)] : []),
    next,
  ].join('\n');
}

function shapesTable(shapes: readonly ListedShape[]): string {
  const table = new Table({
    head: ['shape', 'waiting', 'first seen', 'paths', 'proposal'],
    colAligns: ['left', 'right', 'left', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { shape, proposal } of shapes) {
    const paths = Object.keys(shape.paths).map((path) => terminalText(path, PATHS_WIDTH));
    table.push([
      ...[shape.id, count(shape.records), shape.firstSeen.slice(0, 16).replace('T', ' ')],
      fitting(paths, ', ', PATHS_WIDTH, (left) => `and ${count(left)} more`),
      `${proposal.by}: ${completeness(proposal.missing)}`,
    ]);
  }
  const records = shapes.reduce((sum, { shape }) => sum + shape.records, 0);
  return `${counted(records, 'record')} wait for a mapping\n${table.toString()}`;
}

function mappingsTable(mappings: readonly ListedMapping[]): string {
  const table = new Table({
    head: ['mapping', 'version', 'from', 'rows', 'quarantined'],
    colAligns: ['left', 'right', 'left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, version, origin, rows, quarantined } of mappings)
    table.push([id, String(version), origin, count(rows), count(quarantined)]);
  return `in force\n${table.toString()}`;
}
