import { ABILITIES, destinationName, type PipelineDefinition } from '../../workflows/definition/index.ts';

/** A path is one destination: of one kind, each table once, and a single Parquet file holds a single table. */
export function destinationProblems(definition: PipelineDefinition): string[] {
  const published = Object.entries(definition.models).flatMap(([model, { publish = [] }]) =>
    publish.map((destination, index) => ({
      kind: destination.kind,
      mode: destination.mode,
      path: destinationName(destination),
      model,
      at: `models.${model}.publish[${index}]`,
    })),
  );
  return published.flatMap(({ kind, mode, path, model, at }, index) => {
    const latest = (['keepLatestBy', 'partOf'] as const).find((option) => definition.models[model]?.[option]);
    if (mode === 'merge' && latest && !ABILITIES[kind].latest)
      return [
        `${at}: models.${model}.${latest} means nothing for ${kind}: a merge there takes the load's row for the later one.`,
      ];
    const earlier = published.slice(0, index).filter((other) => other.path === path);
    const other = earlier.find((destination) => destination.kind !== kind);
    if (other)
      return [`${at}: "${path}" is a destination of kind ${other.kind} at ${other.at}, and of kind ${kind} here.`];
    if (earlier.some((destination) => destination.model === model))
      return [`${at}: ${model} is published to "${path}" twice.`];
    if (kind === 'parquet' && path.endsWith('.parquet') && earlier[0])
      return [
        `${at}: "${path}" is one file and holds ${earlier[0].model} already; a path without .parquet is a folder.`,
      ];
    return [];
  });
}
