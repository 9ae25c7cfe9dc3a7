import { drainedSource } from '../../workflows/drained-source.ts';
import { isNeeded } from '../../workflows/needed-source.ts';
import { accountingOutcomes } from '../../workflows/verdict.ts';
import type { Receipt, ReceiptReading, ReceiptSource } from '../../workflows/receipt.ts';
import type { CheckDetail, ReceiptRequest, RunError } from '../../workflows/stages.ts';
import type { UploadedFile } from '../../workflows/upload.ts';
import { compileChecks } from './compile-checks.ts';
import { drainDestinations, drainedSources, drainedTables } from './compile-drained.ts';
import { compileMetrics } from './compile-metrics.ts';
import { compileReplay, withoutScratch } from './compile-replay.ts';
import { compileSteps } from './compile-steps.ts';
import { compileTables } from './compile-tables.ts';
import { givenTables, type GivenTables } from './given-tables.ts';

/** What stages have left in the lake instead of in history. */
export interface LakeDetails {
  readonly checks: readonly CheckDetail[];
  /** Of what stood at the destinations afterwards. Default: that was not asked. */
  readonly validated?: readonly CheckDetail[];
  /** Default: nothing was to be uploaded. */
  readonly uploads?: readonly UploadedFile[];
  /** By the URI of the source's report. */
  readonly readings: ReadonlyMap<string, ReceiptReading>;
}

/** Puts together what the stages have told. Pure: the same request gives the same receipt. */
export function compileReceipt(
  request: ReceiptRequest,
  { checks, validated, readings, uploads }: LakeDetails,
  versions: Receipt['versions'],
): Receipt {
  const { run, plan, outcome, finishedAt, error } = request;
  const given = givenTables(request);
  return withoutScratch({
    version: 1,
    run: {
      pipeline: run.pipeline,
      environment: run.environment,
      workflowId: run.workflowId,
      runId: run.runId,
      planDigest: plan?.digest ?? null,
      asOf: plan?.asOf ?? null,
      sample: plan?.sample ?? null,
      options: plan?.options ?? null,
      startedAt: run.startedAt,
      finishedAt,
      outcome,
    },
    steps: compileSteps(request, given),
    sources: [...compileSources(request, readings), ...drainedSources(request)],
    tables: [...compileTables(request, given), ...drainedTables(request)],
    checks: compileChecks(request, checks, validated),
    accounted: isAccounted(request, given),
    error: error ?? null,
    replay: compileReplay(request),
    destinations: [
      ...(plan?.destinations ?? []).map(({ name, kind, path, server }) => ({
        ...{ name, kind, path },
        ...(server ? { server } : {}),
      })),
      ...drainDestinations(request),
    ],
    uploads: uploads ?? [],
    metrics: compileMetrics(request),
    results: [
      ...new Set(
        request.published.flatMap(({ destination }) =>
          (plan?.destinations ?? []).flatMap(({ name, path }) => (name === destination ? [path] : [])),
        ),
      ),
    ],
    versions,
  });
}

function compileSources(
  { sources, failedSources, drained = [], plan }: ReceiptRequest,
  readings: LakeDetails['readings'],
): ReceiptSource[] {
  const good = sources.map(
    ({ name, uri, files, bytes, digest, read, staged, quarantined, deduplicated = 0, ...source }) => {
      const { discarded, reasons, quarantine, report } = source;
      return {
        ...{ name, uri, files, bytes, digest, read, staged, quarantined, deduplicated },
        ...{ discarded, reasons, quarantine, report },
        reading: readings.get(report) ?? null,
        error: null,
      };
    },
  );
  const parked = [
    ...sources,
    ...drained.map(({ source, failedFiles = [] }) => ({ name: source, parked: failedFiles })),
  ].flatMap((source) => source.parked.map(({ name, error }) => unread(source.name, name, error)));
  const failed = failedSources.map(({ name, error }) =>
    unread(name, plan?.sources.find((source) => source.name === name)?.path ?? '', error),
  );
  return [...good, ...parked, ...failed];
}

/** A source, or one file of it, of which nothing was taken. */
function unread(name: string, uri: string, error: RunError): ReceiptSource {
  const counts = { files: 0, bytes: 0, read: 0, staged: 0, quarantined: 0, deduplicated: 0, discarded: 0 };
  return { name, uri, ...counts, digest: null, reasons: [], quarantine: null, report: null, reading: null, error };
}

/**
 * The sums of the sources, the promises of the tables, and every published table against what was made or staged of it.
 * A source that failed leaves the account open where the run needed it.
 */
function isAccounted(
  { plan, sources, drained = [], failedSources, transformed, published }: ReceiptRequest,
  given: GivenTables,
): boolean {
  const sumsClose = accountingOutcomes([...sources, ...drained.map(drainedSource)], transformed).every(
    ({ status }) => status === 'passed',
  );
  const loadsClose = published.every(
    ({ name, destination, rows }) => given.get(destination)?.get(name)?.made.rows === rows,
  );
  const lacksNone = failedSources.every(
    ({ name }) =>
      plan &&
      !isNeeded(
        plan,
        plan.sources.find((source) => source.name === name),
      ),
  );
  return lacksNone && sumsClose && loadsClose;
}
