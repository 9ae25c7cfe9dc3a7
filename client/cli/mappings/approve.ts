import { isKept, requireNext } from '../../../activities/mappings/keep-mapping.ts';
import type { Trial } from '../../../activities/mappings/try-mapping.ts';
import type { UnknownShape } from '../../../activities/mappings/unknown-shapes.ts';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Approval } from '../../../workflows/mappings-contract.ts';
import { usageError } from '../command-error.ts';
import { openSession } from '../command-session.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count, counted } from '../figures.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { typedCommand } from '../shell-words.ts';
import { verdictText } from '../verdict-lines.ts';
import { carryApproval } from './carry-approval.ts';
import { chosenMapping, type ChosenMapping, type MappingWords } from './chosen-mapping.ts';
import { requireShape } from './find-shape.ts';
import { withDesk, type DeskArguments, type MappingDesk } from './mapping-desk.ts';
import { trialLines, tried } from './trial.ts';

export interface ApproveArguments extends DeskArguments, MappingWords {
  readonly shape: string;
  readonly reason: string | undefined;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** What is to be approved, once it has been tried. */
interface Decision {
  readonly settings: EnvironmentSettings;
  readonly pipeline: string;
  readonly shape: UnknownShape;
  readonly chosen: ChosenMapping;
  readonly trial: Trial;
}

/**
 * `acequia mappings approve`: shows what a mapping makes of the records that wait, keeps it as approved, and takes those records up
 * again. Exit status 0: it is in force and its records are taken up, or there was nothing to do.
 */
export async function approveMapping(args: ApproveArguments): Promise<ExitCode> {
  const interrupts = listenForInterrupts();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const decision = await withDesk(args, interrupts.signal, (desk) => decide(args, desk));
    const { settings, pipeline, shape, chosen, trial } = decision;
    for (const line of trialLines(shape, chosen, trial)) say(line);
    if (args.dryRun) return show(args, decision, undefined);
    if (chosen.from === 'in force' && trial.records === 0) return show(args, decision, nothingDone(decision));
    const session = await openSession(settings, say);
    try {
      await session.ensureWorker();
      const review = { pipeline, environment: settings.name };
      const { id, paths } = shape;
      const { reason } = args;
      const approval = { shape: { id, paths }, mapping: chosen.mapping, ...(reason === undefined ? {} : { reason }) };
      return show(args, decision, await carryApproval(session, settings, review, approval, interrupts.signal));
    } finally {
      await session.close();
    }
  } finally {
    interrupts.stopListening();
  }
}

async function decide(args: ApproveArguments, desk: MappingDesk): Promise<Decision> {
  const { settings, pipeline, stored } = desk;
  const shape = requireShape(args.shape, desk);
  const chosen = await chosenMapping(shape, args, desk);
  if (!isKept(stored, chosen.mapping)) requireNext(stored, chosen.mapping);
  const trial = await tried(shape, chosen, desk);
  if (trial.records > 0 && trial.rows === 0) throw useless(chosen, trial);
  return { settings, pipeline, shape, chosen, trial };
}

function useless({ mapping }: ChosenMapping, { records, reasons: [first] }: Trial) {
  return usageError(
    `The mapping ${mapping.id} makes a row of none of ${counted(records, 'record')}. Nothing was approved.\n  why:   ${first?.reason ?? ''}`,
    'mend it, and try it with: acequia mappings test',
  );
}

function nothingDone({ chosen: { mapping } }: Decision): Approval {
  const { id, version } = mapping;
  return {
    mapping: { id, version },
    kept: false,
    redriven: { loaded: 0, quarantined: 0, reasons: [], waiting: 0 },
  };
}

/** @param approval nothing: it was only asked what would be done */
function show(args: ApproveArguments, decision: Decision, approval: Approval | undefined): ExitCode {
  const { json, environment } = args;
  const { shape, chosen, trial } = decision;
  const { id, version } = chosen.mapping;
  const document = approval ?? {
    mapping: { id, version },
    dryRun: true,
    rows: trial.rows,
    records: trial.records,
    reasons: trial.reasons,
  };
  const env = environment === 'dev' ? [] : [`--env=${environment}`];
  const text = json
    ? JSON.stringify({ shape: shape.id, ...document }, null, 2)
    : approval
      ? approvalText(approval, env)
      : verdictText({
          verdict: `mappings: nothing approved; ${counted(trial.rows, 'record')} would become rows`,
          cause: `${id}, version ${version}, would be in force from then on`,
          next: `the same without --dry-run approves it`,
        });
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}

function approvalText({ mapping: { id, version }, kept, redriven }: Approval, env: readonly string[]): string {
  const { loaded, quarantined, reasons, waiting } = redriven;
  const list = typedCommand(['mappings', 'list', ...env]);
  if (!kept && loaded + quarantined === 0) {
    return verdictText({
      verdict: 'mappings: nothing to do',
      cause: `${id}, version ${version}, is in force, and no record that it is for waits`,
      next: list,
    });
  }
  const left = [
    ...(quarantined > 0 ? [`${count(quarantined)} quarantined (${reasons[0]?.reason ?? ''})`] : []),
    ...(waiting > 0 ? [`${count(waiting)} still waiting, as its conditions do not hold`] : []),
  ];
  return verdictText({
    verdict: `mappings: ${id}, version ${version}, ${kept ? 'approved' : 'was in force'}; ${counted(loaded, 'record')} loaded`,
    cause: left.length === 0 ? 'every record that waited for it is a row now' : left.join('; '),
    next: `${list}   shows what still waits`,
  });
}
