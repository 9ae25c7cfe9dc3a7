/**
 * What stages measure, beside what Temporal's SDK measures by itself. Dashboards and alerts of other people go by these
 * names: they do not change.
 */
export const METRICS = {
  filesProcessed: {
    name: 'data_lake_files_processed_total',
    kind: 'counter',
    unit: 'files',
    description: 'Files and batches of raw records that were read, written and marked.',
  },
  filesFailed: {
    name: 'data_lake_files_failed_total',
    kind: 'counter',
    unit: 'files',
    description: 'Files and batches of raw records that could not be processed.',
  },
  recordsIngested: {
    name: 'data_lake_records_ingested_total',
    kind: 'counter',
    unit: 'records',
    description: 'Records that were written to where they belong.',
  },
  processingSeconds: {
    name: 'data_lake_processing_seconds',
    kind: 'histogram',
    unit: 'seconds',
    description: 'How long a file or a batch took, from its first byte to its commit.',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
} as const;

type Metric = (typeof METRICS)[keyof typeof METRICS];

/** Few and few-valued: each combination is a series of its own. Names of pipelines and kinds of sources, no keys, no values. */
export type MetricTags = Readonly<Record<string, string>>;

/** Where a stage counts. What is counted is gone with the process: a count of what happened since it began. */
export interface WorkerMetrics {
  /** Adds a whole number, after what is counted has become durable. */
  count(counter: Extract<Metric, { kind: 'counter' }>, by: number, tags?: MetricTags): void;
  /** Takes one measurement, in the histogram's unit. */
  observe(histogram: Extract<Metric, { kind: 'histogram' }>, value: number, tags?: MetricTags): void;
}
