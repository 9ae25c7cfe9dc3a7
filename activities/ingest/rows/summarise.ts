import { FindingList } from './finding-list.ts';
import type { RowLayout } from './layout.ts';
import type { RowGroupMeta } from './parquet-file.ts';
import type { ThreadAnswers } from './read-in-threads.ts';
import type { RowsSummary } from './reading.ts';
import { planRowFiles, type RowFiles } from './row-files.ts';
import { WarningList } from './warning-list.ts';

/** Puts together what the threads of a reading have answered, and completes its row files. */
export async function summarise(
  layout: RowLayout,
  answers: ThreadAnswers,
  rowFiles: RowFiles | undefined,
): Promise<RowsSummary> {
  const findings = findingsOf(answers);
  const warnings = new WarningList();
  for (const learnt of answers.learnt) warnings.merge(learnt.warnings);
  const sum = (count: (result: ThreadAnswers['results'][number]) => number): number =>
    answers.results.reduce((total, result) => total + count(result), 0);

  const kept = rowFiles !== undefined && findings.length === 0;
  const files = kept ? await rowFiles.finish(groupsOf(layout, answers)) : [];
  const brokenFile = files.at(-1);
  return {
    records: sum(({ records }) => records),
    broken: sum(({ broken }) => broken),
    tables: layout.tables.map(({ name }, index) => {
      const good = files[2 * index];
      const suspect = files[2 * index + 1];
      return { name, ...(good ? { good } : {}), ...(suspect ? { suspect } : {}) };
    }),
    ...(brokenFile ? { brokenFile } : {}),
    findings,
    warnings: warnings.told(),
  };
}

/** Of each row file its row groups, in the order of the windows. */
function groupsOf(layout: RowLayout, { results }: ThreadAnswers): RowGroupMeta[][] {
  const groups: RowGroupMeta[][] = planRowFiles(layout).map(() => []);
  for (const result of Array.from(results).sort((a, b) => a.index - b.index)) {
    for (const { file, group } of result.groups) groups[file]?.push(group);
  }
  return groups;
}

function findingsOf({ learnt }: ThreadAnswers) {
  const findings = new FindingList();
  for (const { findings: some } of learnt) findings.merge(some);
  // A type that one thread has disproved: what the others saw of the column counts too.
  const disproved = learnt.flatMap(({ assumed }) =>
    assumed.flatMap((one, at) => (one.line > 0 ? [{ at, ...one }] : [])),
  );
  for (const { at, table, field, line } of disproved) {
    const first = findings.note(table, field, 'value', line);
    if (disproved.find((one) => one.at === at)?.line !== line) continue;
    for (const { assumed } of learnt) first.merge(assumed[at]!.evidence);
  }
  return findings.all();
}
