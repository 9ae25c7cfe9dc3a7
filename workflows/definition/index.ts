export {
  check,
  isRowCheck,
  SEVERITIES,
  type CheckDefinition,
  type CheckOptions,
  type CheckValue,
  type RowCheck,
  type RowCheckOptions,
  type Severity,
  type TableCheck,
} from './check.ts';
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
  athena,
  chosenBy,
  DESTINATION_KINDS,
  destinationName,
  duckdb,
  ducklake,
  LOAD_MODES,
  MISSING_WAYS,
  parquetFiles,
  postgres,
  sqlite,
  type DestinationChoice,
  type DestinationDefinition,
  type DestinationKind,
  type FileDestination,
  type Loading,
  type LoadMode,
  type MissingWay,
  type WrittenDestination,
} from './destination.ts';
export { parseDuration, parseShare, shareText } from './duration.ts';
export {
  durationProblem,
  LEAST_RETENTION_MS,
  parseRetention,
  RETAINED_PARTS,
  type RetainedPart,
  type Retention,
} from './retention.ts';
export { defineEnvironments, type EnvironmentDefinition } from './environment.ts';
export { modelTest, type ModelTest, type TestRow, type TestValue } from './model-test.ts';
export { columnPlace, contractTables, nestedTableName, type ColumnPlace } from './nested.ts';
export {
  count,
  SOURCE_COUNTS,
  TABLE_COUNTS,
  type MetricDefinition,
  type SourceCount,
  type TableCount,
} from './metric.ts';
export {
  definePipeline,
  type ModelDefinition,
  type PipelineDefinition,
  type ViewDefinition,
  type WrittenPipeline,
} from './pipeline.ts';
export type {
  CheckPlan,
  DatabasePlan,
  DatabaseReference,
  DatabaseTable,
  DestinationPlace,
  DestinationPlan,
  ModelPlan,
  Plan,
  ReplayPlan,
  RowRule,
  ServerReference,
  SourceColumn,
  SourcePlan,
  TablePlan,
} from './plan.ts';
export type { CopyOptions, Correction, Override, ReplayedRun, RunOptions } from './run-options.ts';
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
  postgresTable,
  xml,
  type Contract,
  type ContractMode,
  type CsvDialect,
  type Encoding,
  type Format,
  type CursorDefinition,
  type FileSource,
  type Nesting,
  type SourceDefinition,
  type SourceKind,
  type TableSource,
} from './source.ts';
