import { isNeeded } from '../../workflows/needed-source.ts';
import { accountingOutcomes, guardOutcomes, structureOutcomes } from '../../workflows/verdict.ts';
import type { Receipt, ReceiptCheck, ReceiptSource, ReceiptTable } from '../../workflows/receipt.ts';
import type { CheckDetail, CheckOutcome, PublishedTable, ReceiptRequest, RunError } from '../../workflows/stages.ts';

/** Puts together what the stages have told. Pure: the same request gives the same receipt. */
export function compileReceipt(
  request: ReceiptRequest,
  checks: readonly CheckDetail[],
  versions: Receipt['versions'],
): Receipt {
  const { run, plan, outcome, finishedAt, error } = request;
  return {
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
    sources: compileSources(request),
    tables: compileTables(request),
    checks: compileChecks(request, checks),
    accounted: isAccounted(request),
    error: error ?? null,
    results: [
      ...new Set(
        request.published.flatMap(({ destination }) =>
          (plan?.destinations ?? []).flatMap(({ name, path }) => (name === destination ? [path] : [])),
        ),
      ),
    ],
    versions,
  };
}

function compileSources({ sources, failedSources, plan }: ReceiptRequest): ReceiptSource[] {
  const good = sources.map(
    ({ name, uri, files, bytes, digest, read, staged, quarantined, discarded, reasons, quarantine, report }) => {
      return {
        ...{ name, uri, files, bytes, digest, read, staged, quarantined, discarded, reasons, quarantine, report },
        error: null,
      };
    },
  );
  const parked = sources.flatMap((source) => source.parked.map(({ name, error }) => unread(source.name, name, error)));
  const failed = failedSources.map(({ name, error }) =>
    unread(name, plan?.sources.find((source) => source.name === name)?.path ?? '', error),
  );
  return [...good, ...parked, ...failed];
}

/** A source, or one file of it, of which nothing was taken. */
function unread(name: string, uri: string, error: RunError): ReceiptSource {
  const counts = { files: 0, bytes: 0, read: 0, staged: 0, quarantined: 0, discarded: 0 };
  return { name, uri, ...counts, digest: null, reasons: [], quarantine: null, report: null, error };
}

function compileTables({ sources, transformed, published, plan }: ReceiptRequest): ReceiptTable[] {
  const made = transformed.flatMap(({ name, rows }) => {
    const source = plan?.models.find((model) => model.name === name)?.onePer ?? null;
    const loads = published.filter((table) => table.name === name);
    return loads.length === 0 ? [unpublished(name, source, rows)] : loads.map((load) => loaded(load, source));
  });
  const asStaged = published
    .filter(({ name }) => !transformed.some((table) => table.name === name))
    .map((load) => loaded(load, sources.find(({ name }) => name === load.name)?.name ?? null));
  return [...made, ...asStaged];
}

function unpublished(name: string, source: string | null, rows: number): ReceiptTable {
  const counts = { inserted: 0, updated: 0, unchanged: 0, removed: 0, deduplicated: 0, filtered: 0 };
  return { name, destination: null, source, rows, ...counts, digest: null, loadId: null };
}

function loaded(load: PublishedTable, source: string | null): ReceiptTable {
  const { name, destination, rows, inserted, updated, unchanged, removed, digest, loadId } = load;
  const counts = { rows, inserted, updated, unchanged, removed, deduplicated: 0, filtered: 0 };
  return { name, destination, source, ...counts, digest, loadId };
}

function compileChecks(request: ReceiptRequest, checks: readonly CheckDetail[]): ReceiptCheck[] {
  const { sources, transformed, published } = request;
  const details = new Map(sources.flatMap(({ guards }) => guards.map(({ name, detail }) => [name, detail])));
  const plain = (check: CheckOutcome): ReceiptCheck => {
    const detail = details.get(check.name);
    return { ...check, sample: check.status !== 'passed' && detail ? [detail] : [], query: null };
  };
  const structure = structureOutcomes(published).map((check, index): ReceiptCheck => {
    return { ...check, sample: published[index]?.differences ?? [], query: null };
  });
  return [
    ...guardOutcomes(sources).map(plain),
    ...accountingOutcomes(sources, transformed).map(plain),
    ...checks.map(({ name, severity, status, failed, blocking, sample, query, error }) => {
      return { name, severity, status, failed, blocking, sample: error ? [error] : sample, query };
    }),
    ...structure,
  ];
}

/**
 * The sums of the sources, the promises of the tables, and every published table against what was made or staged of it.
 * A source that failed leaves the account open where the run needed it.
 */
function isAccounted({ plan, sources, failedSources, transformed, published }: ReceiptRequest): boolean {
  const sumsClose = accountingOutcomes(sources, transformed).every(({ status }) => status === 'passed');
  const made = [...transformed, ...sources.flatMap(({ tables }) => tables)];
  const loadsClose = published.every(({ name, rows }) => made.find((table) => table.name === name)?.rows === rows);
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
