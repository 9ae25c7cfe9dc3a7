import type { Plan } from '../../workflows/definition/index.ts';
import type { IngestedSource, PublishedTable, Stages } from '../../workflows/stages.ts';

/** A small plan with two sources, one model each and one destination. */
export const EXAMPLE_PLAN: Plan = {
  pipeline: 'example',
  environment: 'dev',
  summary: 'An example',
  digest: 'd'.repeat(64),
  asOf: '2025-01-31',
  sample: true,
  lake: 'file:///lake',
  out: '/out/example',
  sources: ['left', 'right'].map((name) => ({
    name,
    kind: 'csv',
    path: `/in/${name}.csv`,
    columns: [],
    key: [],
    failAbove: 0.05,
    contract: { newColumns: 'discard-value', missingColumns: 'freeze', types: 'discard-row' },
    dialect: {},
    nested: { '*': 'tables' },
  })),
  models: [
    {
      name: 'both',
      file: 'pipelines/example/models/both.sql',
      sql: 'FROM source.left',
      inputs: ['source.left'],
      key: ['id'],
    },
  ],
  checks: [
    { name: 'both: id is unique', table: 'both', severity: 'error', blocking: true, sql: 'FROM both', keys: ['id'] },
  ],
  destinations: [
    {
      name: 'example.db',
      kind: 'sqlite',
      path: '/out/example/example.db',
      tables: [{ name: 'both', columns: [], key: ['id'], references: [], indexes: [] }],
    },
  ],
  failedSources: 'stop',
  options: {},
};

export function ingested(name: string): IngestedSource {
  return {
    name,
    uri: `/in/${name}.csv`,
    files: 1,
    bytes: 100,
    digest: 'ab',
    read: 10,
    staged: 9,
    quarantined: 1,
    discarded: 0,
    reasons: [{ reason: 'blank', rows: 1 }],
    tables: [{ name, rows: 9, uris: ['file:///lake/staging'] }],
    quarantine: 'file:///lake/quarantine',
    report: 'file:///lake/report',
    guards: [],
    parked: [],
    parkedFiles: 0,
  };
}

/** What the example's one load has done. */
export const PUBLISHED: PublishedTable = {
  name: 'both',
  destination: 'example.db',
  loadId: 'l',
  rows: 9,
  inserted: 9,
  updated: 0,
  unchanged: 0,
  removed: 0,
  digest: 'd',
  differences: [],
};

/** Stages that move nothing and always succeed: for tests of the workflow alone, never of a stage. */
export function exampleStages(): Stages {
  return {
    plan: ({ options }) => Promise.resolve({ ...EXAMPLE_PLAN, options }),
    positions: () => Promise.resolve({}),
    snapshot: ({ database: { name } }) => Promise.resolve({ name, tables: [], failed: [] }),
    ingest: ({ source }) => Promise.resolve(ingested(source.name)),
    drain: () => Promise.reject(new Error('the example drains nothing')),
    tally: () => Promise.reject(new Error('the example drains nothing')),
    review: () => Promise.reject(new Error('the example drains nothing')),
    transform: () => Promise.resolve([{ name: 'both', rows: 9, uris: ['file:///lake/both'] }]),
    check: () => Promise.resolve({ outcomes: [], report: 'file:///lake/checks.json' }),
    publish: () => Promise.resolve([PUBLISHED]),
    upload: () => Promise.resolve({ list: 'file:///lake/uploads.json', files: 1, sent: 1, bytes: 5 }),
    receipt: ({ outcome }) =>
      Promise.resolve({ uri: 'file:///lake/receipt.json', accounted: true, markdown: `ended ${outcome}` }),
    compare: () => Promise.resolve({ difference: 'file:///lake/difference.json', tables: [] }),
    alert: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}
