export { check, SEVERITIES, type CheckDefinition, type CheckOptions, type Severity } from './check.ts';
export {
  columnTypeName,
  parseColumnType,
  COLUMN_TYPES,
  type Column,
  type ColumnSpec,
  type ColumnType,
} from './column.ts';
export { parseDeclaredType } from './declared-type.ts';
export {
  DESTINATION_KINDS,
  duckdb,
  LOAD_MODES,
  parquetFiles,
  sqlite,
  type DestinationDefinition,
  type LoadMode,
} from './destination.ts';
export { parseDuration, parseShare } from './duration.ts';
export { defineEnvironments, type EnvironmentDefinition } from './environment.ts';
export { columnPlace, contractTables, nestedTableName, type ColumnPlace } from './nested.ts';
export { definePipeline, type ModelDefinition, type PipelineDefinition, type ViewDefinition } from './pipeline.ts';
export type {
  CheckPlan,
  CopyOptions,
  Correction,
  DestinationPlan,
  ModelPlan,
  Plan,
  RunOptions,
  SourceColumn,
  SourcePlan,
  TablePlan,
} from './plan.ts';
export {
  CONTRACT_MODES,
  csv,
  ENCODINGS,
  excel,
  files,
  FORMATS,
  json,
  jsonl,
  parquet,
  xml,
  type Contract,
  type ContractMode,
  type CsvDialect,
  type Encoding,
  type Format,
  type Nesting,
  type SourceDefinition,
} from './source.ts';
