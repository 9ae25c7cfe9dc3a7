import { accountingOutcomes, guardOutcomes, judge, structureOutcomes } from '../../workflows/verdict.ts';
import { drainedSource } from '../../workflows/drained-source.ts';
import type { ReceiptCheck } from '../../workflows/receipt.ts';
import type { CheckDetail, CheckOutcome, ReceiptRequest } from '../../workflows/stages.ts';

/** Everything that was asked, in its order: guards of the sources, the sums, the checks of the tables, what destinations say. */
export function compileChecks(
  request: ReceiptRequest,
  checks: readonly CheckDetail[],
  validated: readonly CheckDetail[] = [],
): ReceiptCheck[] {
  const { transformed, published } = request;
  const sources = [...request.sources, ...(request.drained ?? []).map(drainedSource)];
  const guards = [
    ...sources.flatMap((source) => source.guards),
    ...transformed.flatMap(({ quarantined }) => (quarantined ? [quarantined.guard] : [])),
  ];
  const told = new Map(guards.map(({ name, detail }) => [name, detail]));
  const beside = [...guardOutcomes(sources, transformed), ...accountingOutcomes(sources, transformed)];
  const reasons = reasonsOf(request, [...beside, ...checks]);
  const entry = (check: CheckOutcome, sample: readonly string[], query: string | null): ReceiptCheck => {
    const { name, severity, status, failed, blocking, unconditional } = check;
    const reason = blocking && status !== 'passed' ? reasons.get(name) : undefined;
    const override = reason === undefined ? null : { reason };
    return { name, severity, status, failed, sample, blocking, unconditional: unconditional ?? false, query, override };
  };
  const sentence = ({ name, status }: CheckOutcome): string[] => {
    const detail = told.get(name);
    return status !== 'passed' && detail ? [detail] : [];
  };
  return [
    ...beside.map((check) => entry(check, sentence(check), null)),
    ...checks.map((check) => entry(check, check.error ? [check.error] : check.sample, check.query)),
    ...validated.map((check) => entry(check, check.error ? [check.error] : check.sample, check.query)),
    ...structureOutcomes(published).map((check, index) => entry(check, published[index]?.differences ?? [], null)),
  ];
}

/** Full name → why a person published in spite of it, of those without which the run would have been stopped. */
function reasonsOf({ plan }: ReceiptRequest, found: readonly CheckOutcome[]): Map<string, string> {
  const { overrides } = judge(found, plan?.options.publishAnyway);
  return new Map(overrides.map(({ check, reason }) => [check, reason]));
}
