import {
  columnPlace,
  destinationName,
  type PipelineDefinition,
  type SourceDefinition,
} from '../../workflows/definition/index.ts';
import { closest } from '../../workflows/definition/closest.ts';
import type { TableColumns } from './bind-models.ts';
import { cursorProblems, firstPlaceProblems, inboxProblems, takenOverProblems } from './database-problems.ts';
import { destinationProblems } from './destination-problems.ts';

/** What a definition says of its sources and tables must exist. Returns every problem, none for a sound definition. */
export function structureProblems(definition: PipelineDefinition, tables: ReadonlyMap<string, TableColumns>): string[] {
  return [
    ...sourceProblems(definition),
    ...modelProblems(definition, tables),
    ...destinationProblems(definition),
    ...takenOverProblems(definition),
    ...cursorProblems(definition),
    ...firstPlaceProblems(definition),
    ...inboxProblems(definition),
    ...viewProblems(definition),
    ...metricProblems(definition),
  ];
}

function sourceProblems(definition: PipelineDefinition): string[] {
  return Object.entries(definition.sources).flatMap(([name, source]) =>
    (['key', 'keepLatestBy'] as const).flatMap((option) =>
      missing(
        option in source ? (source[option as 'key'] ?? []) : [],
        recordColumns(source),
        `sources.${name}.${option}`,
        'column',
      ),
    ),
  );
}

/** A key names columns of the records themselves, not of their lists. */
function recordColumns({ kind, columns }: SourceDefinition): string[] {
  return Object.keys(columns).flatMap((path) => {
    const { list, name } = columnPlace(kind, path);
    return list === '' ? [name] : [];
  });
}

function modelProblems(definition: PipelineDefinition, tables: ReadonlyMap<string, TableColumns>): string[] {
  return Object.entries(definition.models).flatMap(([name, model]) => {
    const at = `models.${name}`;
    const columns = (table: string): string[] => tables.get(table)?.map((column) => column.name) ?? [];
    const own = columns(name);
    return [
      ...missing(model.key, own, `${at}.key`, 'column'),
      ...missing(model.keepLatestBy ?? [], own, `${at}.keepLatestBy`, 'column'),
      ...missing(model.partOf ?? [], model.key, `${at}.partOf`, 'column of the key'),
      ...missing(model.since === undefined ? [] : [model.since], own, `${at}.since`, 'column'),
      ...(model.indexes ?? []).flatMap((index, i) => missing(index, own, `${at}.indexes[${i}]`, 'column')),
      ...(model.onePer ? missing([model.onePer], Object.keys(definition.sources), `${at}.onePer`, 'source') : []),
      ...Object.entries(model.references ?? {}).flatMap(([column, reference]) => {
        const [table = '', to = ''] = reference.split('.');
        const where = `${at}.references.${column}`;
        if (!tables.has(table)) return missing([table], [...tables.keys()], where, 'table');
        return [
          ...missing([column], own, where, 'column'),
          ...missing([to], columns(table), where, `column of ${table}`),
        ];
      }),
      ...(model.publish ?? []).flatMap((destination, i) => {
        const partitionBy = 'partitionBy' in destination ? (destination.partitionBy ?? []) : [];
        return missing(partitionBy, own, `${at}.publish[${i}].partitionBy`, 'column');
      }),
      ...(model.checks ?? []).flatMap((check, i) => {
        const where = `${at}.checks[${i}]`;
        if ('columns' in check) return missing(check.columns, own, where, 'column');
        if ('column' in check && check.kind !== 'references') return missing([check.column], own, where, 'column');
        if (check.kind === 'references')
          return missing([check.column], Object.keys(model.references ?? {}), where, 'reference');
        return [];
      }),
    ];
  });
}

function viewProblems(definition: PipelineDefinition): string[] {
  const published = new Set(
    Object.values(definition.models).flatMap((model) => (model.publish ?? []).map(destinationName)),
  );
  return Object.entries(definition.views ?? {}).flatMap(([name, view]) =>
    missing([destinationName(view.from)], [...published], `views.${name}.from`, 'destination of a model'),
  );
}

function metricProblems({ metrics = {}, sources, models }: PipelineDefinition): string[] {
  return Object.entries(metrics).flatMap(([name, metric]) =>
    'source' in metric
      ? missing([metric.source], Object.keys(sources), `metrics.${name}`, 'source')
      : missing([metric.table], Object.keys(models), `metrics.${name}`, 'table'),
  );
}

function missing(given: readonly string[], there: readonly string[], where: string, kind: string): string[] {
  return given
    .filter((name) => !there.includes(name))
    .map(
      (name) =>
        `${where}: there is no ${kind} "${name}".${closest(name, there)} There ${there.length === 1 ? 'is' : 'are'}: ${there.join(', ') || 'none'}.`,
    );
}
