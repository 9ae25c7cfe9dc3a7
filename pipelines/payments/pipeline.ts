import { defineDrain, ISO_4217, queue, bucket } from '../../workflows/definition/index.ts';

/** Two letters of ISO 3166. */
const country = { type: 'text', like: '[A-Z]{2}' };

export default defineDrain({
  summary: 'Raw payment events of any shape, from Postgres and from files in S3, into one table',
  sample: {
    asOf: '2026-06-30',
    databases: { DATALAKE_DATABASE_URL: 'datalake.sql', DATABASE_URL: 'main.sql' },
  },
  // What a database says without a zone.
  timezone: 'UTC',
  from: {
    raw_transactions: queue('DATALAKE_DATABASE_URL', 'raw_transactions', {
      forms: [
        { record: 'data', beside: ['merchant', 'transactional_id', 'created_at'] },
        { record: 'transaction_data', beside: ['source', 'created_at'] },
      ],
      settings: {
        table: 'DATALAKE_TABLE',
        id: 'DATALAKE_ID_COLUMN',
        record: 'DATALAKE_RECORD_COLUMN',
        createdAt: 'DATALAKE_CREATED_AT_COLUMN',
        processed: 'DATALAKE_PROCESSED_COLUMN',
        processedAt: 'DATALAKE_PROCESSED_AT_COLUMN',
      },
    }),
    raw_files: bucket('S3_BUCKET_NAME', { prefix: 'S3_PREFIX' }),
  },
  embedded: [
    { at: 'content', as: 'xml', when: { type: 'XML_BLOB' } },
    { at: 'content', as: 'csv', when: { type: 'CSV_BLOB' } },
    { at: '', as: 'xml' },
    { at: '', as: 'csv' },
  ],
  into: {
    setting: 'DATABASE_URL',
    table: 'normalized_payment_events',
    columns: {
      transactional_id: { type: 'text', row: 'transactional_id' },
      provider: { type: 'text', row: 'source' },
      merchant_id: { type: 'text', row: 'merchant.id' },
      merchant_name: { type: 'text', row: 'merchant.name' },
      merchant_country: { ...country, row: 'merchant.country' },
      amount: 'decimal(38,9)!',
      currency: { type: 'text', oneOf: ISO_4217 },
      status: {
        type: 'text!',
        oneOf: ['approved', 'declined', 'pending', 'refunded', 'chargeback', 'error', 'unknown'],
      },
      status_raw: 'text',
      card_country: country,
      origin_country: country,
      latency_ms: 'integer',
      occurred_at: { type: 'timestamptz', row: 'created_at' },
    },
    rules: [
      {
        name: 'amount: less than zero is a refund or a chargeback, and the status says neither',
        that: "amount >= 0 OR status IN ('refunded', 'chargeback')",
      },
    ],
  },
  poll: { setting: 'POLL_INTERVAL_SECONDS', seconds: 43_200, once: 'RUN_ONCE' },
});
