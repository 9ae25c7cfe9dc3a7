import { accountingOutcomes, guardOutcomes, structureOutcomes } from '../../workflows/verdict.ts';
import type { Receipt, ReceiptCheck, ReceiptSource, ReceiptTable } from '../../workflows/receipt.ts';
import type { CheckDetail, CheckOutcome, ReceiptRequest } from '../../workflows/stages.ts';

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
  const good = sources.map(({ name, uri, bytes, digest, read, staged, quarantined, reasons, quarantine }) => {
    return { name, uri, bytes, digest, read, staged, quarantined, reasons, quarantine, error: null };
  });
  const bad = failedSources.map(({ name, error }) => {
    const uri = plan?.sources.find((source) => source.name === name)?.path ?? '';
    return {
      name,
      uri,
      bytes: 0,
      digest: null,
      read: 0,
      staged: 0,
      quarantined: 0,
      reasons: [],
      quarantine: null,
      error,
    };
  });
  return [...good, ...bad];
}

function compileTables({ transformed, published, plan }: ReceiptRequest): ReceiptTable[] {
  return transformed.flatMap(({ name, rows }): ReceiptTable[] => {
    const source = plan?.models.find((model) => model.name === name)?.onePer ?? null;
    const loads = published.filter((table) => table.name === name);
    const counts = { deduplicated: 0, filtered: 0 };
    if (loads.length === 0) {
      return [
        {
          name,
          destination: null,
          source,
          rows,
          inserted: 0,
          updated: 0,
          unchanged: 0,
          removed: 0,
          ...counts,
          digest: null,
          loadId: null,
        },
      ];
    }
    return loads.map(({ destination, inserted, updated, unchanged, removed, digest, loadId, rows: loaded }) => {
      return {
        name,
        destination,
        source,
        rows: loaded,
        inserted,
        updated,
        unchanged,
        removed,
        ...counts,
        digest,
        loadId,
      };
    });
  });
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

/** The sums of the sources, the promises of the tables, and every published table against what was made of it. */
function isAccounted({ sources, failedSources, transformed, published }: ReceiptRequest): boolean {
  const sumsClose = accountingOutcomes(sources, transformed).every(({ status }) => status === 'passed');
  const loadsClose = published.every(
    ({ name, rows }) => transformed.find((table) => table.name === name)?.rows === rows,
  );
  return failedSources.length === 0 && sumsClose && loadsClose;
}
