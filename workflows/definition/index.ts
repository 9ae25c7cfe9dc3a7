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
export { ABILITIES } from './destination-abilities.ts';
export {
  athena,
  bigquery,
  chosenBy,
  DESTINATION_KINDS,
  destinationName,
  duckdb,
  ducklake,
  LOAD_MODES,
  MISSING_WAYS,
  parquetFiles,
  placedBy,
  postgres,
  sqlite,
  type DestinationByPlace,
  type DestinationChoice,
  type DestinationDefinition,
  type DestinationKind,
  type FileDestination,
  type Loading,
  type LoadMode,
  type MissingWay,
  type WrittenDestination,
} from './destination.ts';
export {
  bucket,
  defineDrain,
  queue,
  type BucketSource,
  type DrainDefinition,
  type DrainSource,
  type EmbeddedRule,
  type QueueColumns,
  type QueueForm,
  type QueueSource,
  type TargetColumn,
  type TargetRule,
} from './drain.ts';
export type { BucketPlan, DrainPlan, DrainSourcePlan, QueuePlan, TargetColumnPlan, TargetPlan } from './drain-plan.ts';
export { UPLOADED_PARTS, type UploadDefinition, type UploadedPart } from './upload.ts';
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
export {
  memberPath,
  parsePath,
  VALUE_KINDS,
  type Condition,
  type Mapping,
  type MappingShape,
  type Reading,
  type ShapePaths,
  type Term,
  type ValueKind,
} from './mapping.ts';
export { ISO_4217 } from './iso-4217.ts';
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
  DatabaseKind,
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
  UploadPlan,
} from './plan.ts';
export type { CopyOptions, Correction, Override, ReplayedRun, RunOptions } from './run-options.ts';
export {
  bigqueryQuery,
  bigqueryTable,
  CONTRACT_MODES,
  csv,
  ENCODINGS,
  excel,
  files,
  FORMATS,
  isOfDatabase,
  json,
  jsonl,
  parquet,
  postgresTable,
  settingOf,
  xml,
  type BigQuerySource,
  type Contract,
  type ContractMode,
  type CsvDialect,
  type Encoding,
  type Format,
  type CursorDefinition,
  type DatabaseSource,
  type FileSource,
  type PlaceBySetting,
  type SourcePlace,
  type Nesting,
  type SourceDefinition,
  type SourceKind,
  type TableSource,
  type WrittenSource,
} from './source.ts';
