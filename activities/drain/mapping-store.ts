import type { Mapping, TargetPlan } from '../../workflows/definition/index.ts';
import { mappingSchema } from '../../workflows/definition/mapping-schema.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { ask, execute, type Database } from './postgres.ts';
import { SINK_TABLES } from './sink-tables.ts';

/** A mapping as the sink keeps it. `proposed` ones are not in force. */
export interface StoredMapping {
  readonly mapping: Mapping;
  readonly state: 'approved' | 'proposed';
  /** `shipped`, `person`, `matcher` or `model`. */
  readonly origin: string;
  /** What whoever approved it has said about it. */
  readonly reason?: string;
}

type Place = Pick<TargetPlan, 'schema' | 'table'>;

const tableOf = ({ schema }: Place): string => `${identifier(schema)}.${identifier(SINK_TABLES.mappings)}`;

/**
 * Keeps the mappings that ship with a pipeline. Error `DefinitionInvalid`: one that is kept already is another under the same
 * version: rows that were made by it would no longer say by what.
 */
export async function keepShipped(session: Session, place: Place, shipped: readonly Mapping[]): Promise<void> {
  const kept = await storedMappings(session, place);
  for (const mapping of shipped) {
    const same = kept.find(({ mapping: { id, version } }) => id === mapping.id && version === mapping.version);
    if (!same) await keepMapping(session, place, { mapping, state: 'approved', origin: 'shipped' });
    else if (JSON.stringify(same.mapping) !== JSON.stringify(mapping)) throw changed(mapping);
  }
}

/** Keeps one. What is approved never changes; a proposal makes room for what is approved in its place. */
export async function keepMapping(
  session: Session,
  place: Place,
  { mapping, state, origin, reason }: StoredMapping,
): Promise<void> {
  const values = [place.table, mapping.id, String(mapping.version), state, JSON.stringify(mapping), origin];
  await execute(
    session,
    'sink',
    `INSERT INTO ${tableOf(place)} AS kept (table_name, mapping_id, version, state, definition, origin, reason)
     VALUES (${values.map(literal).join(', ')}, ${reason === undefined ? 'NULL' : literal(reason)})
     ON CONFLICT (table_name, mapping_id, version) DO UPDATE SET state = excluded.state, definition = excluded.definition,
       origin = excluded.origin, reason = excluded.reason, changed_at = now()
     WHERE kept.state <> 'approved' AND excluded.state = 'approved'`,
  );
}

/** Keeps that a model had no answer of use for a shape, so that it is not asked again. @param id of the proposal */
export async function keepRefusal(session: Session, place: Place, id: string, why: string): Promise<void> {
  const values = [place.table, id, '1', 'refused', JSON.stringify({ refused: why }), 'model'].map(literal);
  await execute(
    session,
    'sink',
    `INSERT INTO ${tableOf(place)} (table_name, mapping_id, version, state, definition, origin)
     VALUES (${values.join(', ')}) ON CONFLICT DO NOTHING`,
  );
}

/** Ids of proposals that a model was asked for, whatever came of it. */
export async function shapesAsked(session: Session, place: Place): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    session,
    'sink',
    `SELECT mapping_id AS id FROM ${tableOf(place)} WHERE table_name = ${literal(place.table)} AND origin = 'model'`,
  );
  return rows.map(({ id }) => id);
}

/** All that are kept, by id and version. */
export async function storedMappings(
  session: Session,
  place: Place,
  database: Database = 'sink',
): Promise<StoredMapping[]> {
  const rows = await ask<{
    state: StoredMapping['state'];
    definition: string;
    origin: string;
    reason: string | null;
  }>(
    session,
    database,
    `SELECT state, definition::text AS definition, origin, reason FROM ${tableOf(place)}
      WHERE table_name = ${literal(place.table)} AND state IN ('approved', 'proposed') ORDER BY mapping_id, version`,
  );
  return rows.map(({ state, definition, origin, reason }) => ({
    mapping: mappingSchema.parse(JSON.parse(definition)) as Mapping,
    ...{ state, origin },
    ...(reason === null ? {} : { reason }),
  }));
}

/** Those in force: of each the latest version that is approved. */
export function inForce(stored: readonly StoredMapping[]): Mapping[] {
  const latest = new Map<string, Mapping>();
  for (const { mapping, state } of stored)
    if (state === 'approved' && (latest.get(mapping.id)?.version ?? 0) < mapping.version)
      latest.set(mapping.id, mapping);
  return [...latest.values()];
}

function changed({ id, version }: Mapping): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `The mapping ${id} was changed, and is still called version ${version}.`,
    where: `mappings/${id}.json`,
    why: 'Rows that were made by it say so by its version.',
    remedy: `write "version": ${version + 1} into the file, or take the change back`,
  });
}
