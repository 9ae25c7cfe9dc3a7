import type { Mapping } from '../../workflows/definition/index.ts';
import type { KeepRequest } from '../../workflows/mappings-contract.ts';
import { inForce, keepMapping, storedMappings, type StoredMapping } from '../drain/mapping-store.ts';
import { prepareSink } from '../drain/sink-tables.ts';
import type { DrainSettings } from '../drain/urls.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { parseMapping } from '../normalise/load-mappings.ts';
import type { Work } from '../progress.ts';
import { routingProblem } from './routing-problem.ts';
import { withSink } from './with-sink.ts';

/**
 * Keeps a mapping as approved by a person. Errors: `DefinitionInvalid` where it is none for the target, where records of the shape
 * would not come to it, and where the version is there or an older one; those of a destination.
 */
export async function keepApproved(
  { drain, shape, mapping: given, reason }: KeepRequest,
  work: Work,
  settings: DrainSettings,
): Promise<{ readonly kept: boolean }> {
  const { target } = drain;
  const mapping = parseMapping(JSON.stringify(given), `the mapping ${given.id}`, target);
  return withSink(target, settings, work.signal, async (session) => {
    await prepareSink(session, target);
    const before = await storedMappings(session, target);
    if (isKept(before, mapping)) return { kept: false };
    requireNext(before, mapping);
    const problem = routingProblem({ id: shape.id, paths: shape.paths as never }, mapping, inForce(before));
    if (problem !== undefined) throw unfit(mapping, shape.id, problem);
    await keepMapping(session, target, {
      ...{ mapping, state: 'approved', origin: 'person' },
      ...(reason === undefined ? {} : { reason }),
    });
    // Somebody else may have kept another one at the same moment.
    const after = await storedMappings(session, target);
    if (!isKept(after, mapping)) throw taken(mapping, after);
    return { kept: true };
  });
}

/** Whether it is approved already, word for word. */
export function isKept(stored: readonly StoredMapping[], mapping: Mapping): boolean {
  return stored.some((one) => one.state === 'approved' && JSON.stringify(one.mapping) === JSON.stringify(mapping));
}

/** Error `DefinitionInvalid`: a version that is approved never changes, and one before it would never be in force. */
export function requireNext(stored: readonly StoredMapping[], mapping: Mapping): void {
  const latest = inForce(stored).find(({ id }) => id === mapping.id);
  if (latest && latest.version >= mapping.version) throw taken(mapping, stored);
}

/** The version that a mapping of this id gets next. */
export function nextVersion(stored: readonly StoredMapping[], id: string): number {
  return (inForce(stored).find((mapping) => mapping.id === id)?.version ?? 0) + 1;
}

function taken({ id, version }: Mapping, stored: readonly StoredMapping[]): AcequiaError {
  const next = nextVersion(stored, id);
  return new AcequiaError('DefinitionInvalid', {
    what: `The mapping ${id} is there in version ${next - 1}; version ${version} of it cannot be approved.`,
    where: `${id}, version ${version}`,
    why: 'A version that is approved never changes: rows say by which one they were made.',
    remedy: `write "version": ${next}, or give it another name: --id <name>`,
  });
}

export function unfit({ id }: Mapping, shapeId: string, problem: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `The mapping ${id} is not for the records of the shape ${shapeId}.`,
    where: 'shape and when of the mapping',
    why: problem,
    remedy: `mend it; npm run acequia -- mappings show ${shapeId}   shows the paths there are`,
  });
}
