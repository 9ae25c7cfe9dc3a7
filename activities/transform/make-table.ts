import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { ModelPlan } from '../../workflows/definition/index.ts';
import type { StagedTable, TransformedTable, TransformRequest } from '../../workflows/stages.ts';
import { badRowsGuard } from '../../workflows/bad-rows-guard.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { sqlError } from '../duckdb/sql-error.ts';
import { stagedRows } from '../duckdb/staged-tables.ts';
import { diskError } from '../failure/disk.ts';
import type { Lake } from '../lake/lake.ts';
import { exactRows, makeRows, writeRows } from './make-rows.ts';
import { sifts, type TakenOut } from './sift.ts';

/** Changes whenever the same SQL over the same input could give another file. */
const MODEL_FORMAT = 3;

/** The key of a model's own metadata under which it says what was taken out of it, where something was: a model that is found is not counted again. */
const TAKEN_OUT = 'acequia_taken_out';

/** Makes the table of one model, or finds it made. `inputs`: what stands for the names that it reads. */
export async function makeTable(
  session: Session,
  lake: Lake,
  request: TransformRequest,
  model: ModelPlan,
  inputs: ReadonlyMap<string, StagedTable | undefined>,
): Promise<TransformedTable> {
  const { pipeline } = request.run;
  const named = fingerprint(request, model, inputs);
  const key = `models/${pipeline}/${model.name}/${named}.parquet`;
  // Beside those of the sources, none of which has a point in its name.
  const quarantine = `quarantine/${pipeline}/models.${model.name}/${named}.parquet`;
  // Quarantine is written before the table: whoever finds the one finds the other.
  const isMade = (await lake.claim(key)) && (!model.rules?.length || (await lake.claim(quarantine)));
  if (!isMade) {
    try {
      await (sifts(model)
        ? makeSifted(session, lake, model, { key, quarantine })
        : makePlain(session, lake, model, key));
    } catch (cause) {
      throw modelError(model, cause, lake.uriOf(key));
    }
  }
  const uris = [lake.uriOf(key)] as const;
  const rows = await session.count(`SELECT count(*) FROM ${await stagedRows(lake, { uris })}`);
  if (!sifts(model)) return { name: model.name, rows, uris };
  const takenOut = await readTakenOut(session, await lake.local(uris[0]));
  return { name: model.name, rows, uris, ...told(model, rows, takenOut, lake.uriOf(quarantine)) };
}

async function makePlain(session: Session, lake: Lake, model: ModelPlan, key: string): Promise<void> {
  const rows = await exactRows(session, model.sql);
  await lake.write(key, (path) => writeRows(session, rows, path));
}

async function makeSifted(
  session: Session,
  lake: Lake,
  model: ModelPlan,
  keys: { readonly key: string; readonly quarantine: string },
): Promise<void> {
  await lake.write(keys.key, async (path) => {
    const { kept, takenOut, isWhole } = await makeRows(session, model, path, async (rejected) => {
      await lake.write(keys.quarantine, (aside) => writeRows(session, rejected, aside));
    });
    if (isWhole) return;
    const sifted = `${path}.sifted`;
    try {
      await writeRows(session, kept, sifted, `, KV_METADATA {${TAKEN_OUT}: ${literal(JSON.stringify(takenOut))}}`);
      await rename(sifted, path);
    } finally {
      await rm(sifted, { force: true });
    }
  });
  await session.run(`DROP VIEW temp.main.${identifier(model.name)}`);
}

async function readTakenOut(session: Session, path: string): Promise<TakenOut> {
  const [row] = await session.rows<{ text: string }>(
    `SELECT decode(value) AS text FROM parquet_kv_metadata(${literal(path)}) WHERE decode(key) = ${literal(TAKEN_OUT)}`,
  );
  return row ? (JSON.parse(row.text) as TakenOut) : { filtered: 0, deduplicated: 0, reasons: [] };
}

/** What was taken out, as far as the model takes anything out in that way. */
function told(
  { name, keepLatestBy, since, rules, failAbove = 0 }: ModelPlan,
  rows: number,
  { filtered, deduplicated, reasons }: TakenOut,
  quarantine: string,
): Partial<TransformedTable> {
  const quarantined = reasons.reduce((sum, reason) => sum + reason.rows, 0);
  const read = rows + deduplicated + quarantined;
  const guard = badRowsGuard({ name: `models.${name}`, failAbove }, { read, quarantined, reasons });
  return {
    ...(keepLatestBy ? { deduplicated } : {}),
    ...(since ? { filtered } : {}),
    ...(rules ? { quarantined: { rows: quarantined, reasons, quarantine, guard } } : {}),
  };
}

/** A full disk is no fault of the SQL. */
function modelError(model: ModelPlan, cause: unknown, path: string): unknown {
  const disk = diskError(cause, path);
  return disk === cause ? sqlError('ModelFailed', model.file, model.sql, cause, 1) : disk;
}

function fingerprint(
  request: TransformRequest,
  model: ModelPlan,
  inputs: ReadonlyMap<string, StagedTable | undefined>,
): string {
  const read = [...inputs].map(([input, table]) => [
    input,
    ...(table?.uris ?? []).map((uri) => uri.replace(request.lake, '')),
  ]);
  const { key, keepLatestBy, partOf, since, rules } = model;
  const content = JSON.stringify([
    ...[MODEL_FORMAT, request.asOf, model.sql, read],
    ...[keepLatestBy ? [key, keepLatestBy, partOf] : null, since, rules],
  ]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
