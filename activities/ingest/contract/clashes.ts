import { provenanceOf } from '../../names/provenance.ts';
import type { SourcePlan } from '../../../workflows/definition/index.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';

/** DuckDB takes `Id` and `id` for one name. Error `DefinitionInvalid`: names clash, or the key or `keepLatestBy` names no column. */
export function refuseClashes({ name: source, columns, key, keepLatestBy = [], contract }: SourcePlan): void {
  for (const list of new Set(columns.map((column) => column.list))) {
    const provenance = provenanceOf(list, key, [...new Set(['', ...columns.map((column) => column.list)])]);
    const seen = new Set<string>(provenance);
    for (const { name } of columns.filter((column) => column.list === list)) {
      if (seen.has(name.toLowerCase())) {
        throw new AcequiaError('DefinitionInvalid', {
          what: `The column "${name}" has the name of another one, or of a provenance column (${provenance.join(', ')}).`,
          where: `sources.${source}.columns`,
          why: 'Capital and small letters do not tell columns apart in SQL.',
          remedy: 'rename the column in the file and in the contract',
        });
      }
      seen.add(name.toLowerCase());
    }
  }
  // Where columns may come that nobody named, the key is looked for in what was read.
  if (columns.length === 0 || contract.newColumns === 'evolve') return;
  for (const [option, names] of Object.entries({ key, keepLatestBy })) {
    const unknown = names.find((name) => !columns.some((column) => column.name === name && column.list === ''));
    if (unknown === undefined) continue;
    throw new AcequiaError('DefinitionInvalid', {
      what: `${option} names a column "${unknown}" that the contract does not have.`,
      where: `sources.${source}.${option}`,
      remedy: 'name columns of the contract',
    });
  }
}
