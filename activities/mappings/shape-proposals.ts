import type { DrainPlan, Mapping } from '../../workflows/definition/index.ts';
import type { Session } from '../duckdb/session.ts';
import type { StoredMapping } from '../drain/mapping-store.ts';
import { proposeMapping, type Proposal } from '../normalise/propose-mapping.ts';
import { sampleValues } from '../normalise/sample-values.ts';
import type { Shape } from '../normalise/shape.ts';
import { profileOf, type ValueProfile } from '../normalise/value-profile.ts';
import { sampleRecords } from './waiting-records.ts';

/** What is known of a shape without any value of its records, and what could become of them. */
export interface StudiedShape {
  readonly profiles: readonly ValueProfile[];
  /** By whom. A model's is taken where the matcher has left something out. */
  readonly by: 'matcher' | 'model';
  readonly proposal: Proposal;
}

/** Records that profiles and proposals are made from. */
const SAMPLE = 1_000;

/** @param stored all mappings that are kept: what a model has proposed is among them */
export async function studyShape(
  session: Session,
  { target, embedded }: DrainPlan,
  shape: Shape,
  stored: readonly StoredMapping[],
): Promise<StudiedShape> {
  const values = sampleValues(await sampleRecords(session, target, shape.id, SAMPLE), embedded);
  const profiles = Object.entries(shape.paths).map(([path, kind]) => profileOf(path, kind, values.get(path) ?? []));
  const proposal = proposeMapping(shape, values, target);
  const asked = stored.find(({ mapping, state }) => state === 'proposed' && mapping.id === proposal.mapping.id);
  if (proposal.missing.length === 0 || !asked) return { profiles, by: 'matcher', proposal };
  return { profiles, by: 'model', proposal: modelProposal(asked.mapping, target.columns) };
}

function modelProposal(mapping: Mapping, columns: DrainPlan['target']['columns']): Proposal {
  const missing = columns.filter(
    ({ name, required, row }) => required && row === undefined && !(name in mapping.columns),
  );
  return {
    mapping,
    columns: [],
    missing: missing.map(({ name }) => ({ column: name, why: 'the model has not said where it comes from' })),
  };
}
