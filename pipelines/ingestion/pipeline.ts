import { definePipeline, files, parquetFiles, placedBy } from '../../workflows/definition/index.ts';

/** Folders by day where the destination has folders; BigQuery has none. */
const byDay = { partitionBy: ['changed_on'] };

export default definePipeline({
  summary: 'Records from local files, S3, Google Cloud Storage or BigQuery go to any of the same, as two settings say',
  inbox: 'INGESTION_INBOX',
  timezone: 'UTC',
  sample: { asOf: '2026-01-31' },
  sources: {
    // s3://bucket/folder/**/*.parquet, gs://bucket/folder/*.csv, bigquery://project/dataset/table, or a path of this machine.
    incoming: files(
      { setting: 'INGESTION_SOURCE', otherwise: 'records*' },
      {
        columns: {
          record_id: 'text!',
          name: 'text',
          note: 'text',
          amount: 'decimal(18,4)',
          quantity: 'integer',
          is_active: 'boolean',
          day: 'date',
          opened_at: 'timestamp',
          changed_at: 'timestamptz!',
        },
        key: ['record_id'],
        badRows: { failAbove: '5%' },
      },
    ),
  },
  models: {
    records: {
      key: ['record_id'],
      onePer: 'incoming',
      publish: [placedBy('INGESTION_DESTINATION', { otherwise: parquetFiles('lake', byDay), ...byDay })],
    },
  },
});
