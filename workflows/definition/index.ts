export { check, SEVERITIES, type CheckDefinition, type CheckOptions, type Severity } from './check.ts';
export {
  columnTypeName,
  parseColumnType,
  COLUMN_TYPES,
  type Column,
  type ColumnSpec,
  type ColumnType,
} from './column.ts';
export { sqlite, type DestinationDefinition } from './destination.ts';
export { parseDuration, parseShare } from './duration.ts';
export { defineEnvironments, type EnvironmentDefinition } from './environment.ts';
export { definePipeline, type ModelDefinition, type PipelineDefinition, type ViewDefinition } from './pipeline.ts';
export type { CheckPlan, DestinationPlan, ModelPlan, Plan, RunOptions, SourcePlan, TablePlan } from './plan.ts';
export { csv, type CsvDialect, type SourceDefinition } from './source.ts';
