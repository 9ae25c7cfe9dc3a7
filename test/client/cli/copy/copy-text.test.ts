import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { copyNotes } from '../../../../client/cli/copy/copy-text.ts';
import { copyVerdict } from '../../../../client/cli/copy/copy-verdict.ts';
import { receiptText } from '../../../../client/cli/receipt-text.ts';
import { verdictText } from '../../../../client/cli/verdict-lines.ts';
import type { CopyOptions } from '../../../../workflows/definition/index.ts';
import type { Receipt, ReceiptSource } from '../../../../workflows/receipt.ts';
import { receiptTable } from '../../../support/receipt-table.ts';
import { column, fileReport, sourceReport } from '../../../support/stored-run.ts';

const copied: CopyOptions = {
  from: ['/in/ventas.csv'],
  to: { kind: 'duckdb', path: '/out/out.duckdb' },
  mode: 'replace',
  key: [],
  declare: {},
};

const source: ReceiptSource = {
  ...{ name: 'ventas', uri: '/in/ventas.csv', files: 1, bytes: 214_000, digest: 'd', read: 5_500, staged: 5_407 },
  ...{ quarantined: 93, deduplicated: 0, discarded: 0, reasons: [{ reason: 'fecha: unreadable date', rows: 93 }] },
  ...{ quarantine: 'file:///lake/q', report: 'file:///lake/r', reading: null, error: null },
};
const table = receiptTable({
  ...{ name: 'ventas', destination: 'out.duckdb', source: 'ventas', rows: 5_407, inserted: 5_407 },
  ...{ digest: 'd', loadId: 'l' },
});

function receiptFor(copy: CopyOptions, rest: Partial<Receipt> = {}): Receipt {
  return {
    version: 1,
    run: {
      ...{
        pipeline: 'copy-duckdb.out-ventas-3f2a91bc',
        environment: 'dev',
        workflowId: 'w',
        runId: '0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d',
      },
      ...{ planDigest: 'p', asOf: '2025-01-01', sample: false, options: { copy }, outcome: 'warned' },
      ...{ startedAt: '2025-01-01T10:00:00.000Z', finishedAt: '2025-01-01T10:00:02.500Z' },
    },
    ...{
      steps: [],
      sources: [source],
      tables: [table],
      checks: [],
      accounted: true,
      error: null,
      replay: null,
      destinations: [],
      uploads: [],
      metrics: null,
      results: ['/out/out.duckdb'],
    },
    versions: { acequia: '0', duckdb: '1', node: '20' },
    ...rest,
  };
}

const read = {
  source,
  report: sourceReport('ventas', {
    files: [
      fileReport('ventas.csv', {
        ...{ dialect: '; between fields, quotes ", header', confidence: 0.997, encoding: 'windows-1252' },
        ...{ compression: 'gzip', warnings: ['line 7: a quote\u001b inside an unquoted field'] },
      }),
    ],
    tables: [
      {
        name: 'ventas',
        list: '',
        columns: [
          column('venta_id', 'integer'),
          column('importe', 'decimal(10,2)', { ruledOut: [{ kind: 'integer', line: 1_042 }] }),
          column('fecha', 'date!', { origin: 'declared' }),
        ],
      },
    ],
  }),
};

const file = 'receipt.json';
const verdict = (receipt: Receipt, failure?: string): string[] =>
  verdictText(copyVerdict(receipt, failure, 'again', file)).split('\n');

test('the end of a copy: rows, how the file was read, what decided the types, what to look at, and where it is', () => {
  const receipt = receiptFor(copied);
  const colors = picocolors.createColors(false);
  const text = receiptText(receipt, { embedded: false, link: 'http://ui' }, colors, copyNotes(receipt, [read]));
  expect(text).toBe(
    `
┌────────┬───────┬────────┬─────────────┐
│ table  │  read │ loaded │ quarantined │
├────────┼───────┼────────┼─────────────┤
│ ventas │ 5,500 │  5,407 │          93 │
└────────┴───────┴────────┴─────────────┘
quarantined  ventas: 93 × fecha: unreadable date
read         ventas.csv: csv, ; between fields, quotes ", header (99 % sure), windows-1252, gzip
               ! line 7: a quote\\u001b inside an unquoted field
types        ventas.venta_id  integer
             ventas.importe   decimal(10,2)  line 1,042 is no integer
             ventas.fecha     date!          declared
look         npm run acequia -- quarantine show 1a2b3c4d
duration     2.5 s
run          http://ui
result       /out/out.duckdb
`.trim(),
  );
});

test('the last three lines: what is there, why attention, what to type', () => {
  expect(verdict(receiptFor(copied))).toEqual([
    'copy-duckdb.out-ventas-3f2a91bc: needs attention: published: 5,407 rows in 1 table',
    'cause: ',
    `next:  duckdb /out/out.duckdb -c 'SELECT * FROM "ventas" LIMIT 10'   asks it; npm run acequia -- init ventas --from-run=1a2b3c4d   makes it a pipeline`,
  ]);
});

test.each([
  ['replace', { inserted: 2, unchanged: 5_405 }, 'published: 5,407 rows in 1 table'],
  ['append', {}, 'published: 5,407 rows added in 1 table'],
  ['merge', { inserted: 1, updated: 2, unchanged: 5_404 }, 'published: 1 row added, 2 changed, 5,404 there already'],
  [
    'delete-missing',
    { inserted: 3, updated: 2, removed: 1, unchanged: 0 },
    'published: 3 rows added, 2 changed, 1 gone in 1 table',
  ],
  [
    'scd2',
    { inserted: 0, removed: 4, unchanged: 5_407 },
    'published: 0 rows added, 4 gone, 5,407 there already in 1 table',
  ],
  ['scd2', { inserted: 0, unchanged: 5_407 }, 'published: nothing new, 5,407 rows were there already'],
  ['merge', { inserted: 0, unchanged: 5_407 }, 'published: nothing new, 5,407 rows were there already in 1 table'],
  ['replace', { inserted: 0, unchanged: 5_407 }, 'published: nothing new, 5,407 rows were there already in 1 table'],
] as const)('what a copy has done to its table: %s %o', (mode, counts, told) => {
  const receipt = receiptFor({ ...copied, mode }, { tables: [{ ...table, ...counts }] });
  expect(verdict(receipt)[0]).toContain(told);
});

test('a copy that is blocked has no check to mend: its rows are to be looked at', () => {
  const receipt = receiptFor(copied);
  const blocked = { ...receipt, run: { ...receipt.run, outcome: 'blocked' as const }, tables: [] };
  expect(verdict(blocked)[2]).toBe(
    'next:  npm run acequia -- quarantine show 1a2b3c4d   shows the quarantined rows; mend the file, or declare what it holds (--declare column=type), then: again',
  );
});

test.each([
  [
    "add them to the file, mend sources.one.columns, or set contract: { missingColumns: 'evolve' }",
    'add them to the file, declare what is there (--declare column=type), or use --contract evolve',
  ],
  [
    "mend the file, or set contract: { types: 'discard-row' } to quarantine such rows",
    'mend the file, or use --contract discard-row to quarantine such rows',
  ],
  [
    'declare the dialect: the delimiter, and header: true or false for what the first line is',
    'declare the dialect: the delimiter, and --header or --no-header',
  ],
  [
    `declare the dialect's quote: "'" when they are quotes, '"' when they belong to the values`,
    `declare the dialect's --quote "'" when they are quotes, '"' when they belong to the values`,
  ],
  ["declare format: 'csv', or put another file there", 'declare --format csv, or put another file there'],
  ["say which one to read: sheet: 'My sheet'", "say which one to read: --sheet 'My sheet'"],
  [
    'say where the list of records stands, as in records: data.items',
    'say where the list of records stands, as in --records data.items',
  ],
  ["the path of their names: records: 'orders/order'", 'the path of their names: --records orders/order'],
  ['if it is data, declare header: false', 'if it is data, copy it with --no-header'],
  [
    'leave it out, or add its columns to sources.año.columns',
    'leave it out, or declare what is there (--declare column=type)',
  ],
  ["name the list inside, as in records: 'items'", 'name the list inside, as in --records items'],
  [
    "see that the source is whole; if it is: missing: 'keep' where a load holds only a part of the rows, a larger vanishAtMost (of a copy --vanish-at-most), or of a pipeline --full-refresh a b for this once",
    'see that the source is whole; if it is: --missing keep where a load holds only a part of the rows, a larger --vanish-at-most',
  ],
  ['ask for the file again', 'ask for the file again'],
])('advice of a definition is given in flags: %s', (advice, flags) => {
  const receipt = receiptFor(copied, { tables: [] });
  expect(verdict(receipt, `What.\n  to do: ${advice}`)[2]).toBe(`next:  ${flags}`);
});

test.each([
  [{ kind: 'sqlite', path: "/o/it's.db" }, 'replace', `sqlite3 -box "/o/it's.db" 'SELECT * FROM "ventas" LIMIT 10'`],
  [{ kind: 'parquet', path: '/o/x' }, 'replace', `duckdb -c "SELECT * FROM '/o/x/ventas.parquet' LIMIT 10"`],
  [{ kind: 'parquet', path: '/o/x' }, 'append', `duckdb -c "SELECT * FROM '/o/x/ventas/*.parquet' LIMIT 10"`],
  [
    { kind: 'postgres', path: 'postgres:W/raw', server: { setting: 'W', schema: 'raw' } },
    'scd2',
    `psql "$W" -c 'SELECT * FROM "raw"."ventas" LIMIT 10'`,
  ],
  [
    { kind: 'postgres', path: 'x', server: { url: 'postgresql://ana@db/shop' } },
    'replace',
    `psql postgresql://ana@db/shop -c 'SELECT * FROM "ventas" LIMIT 10'`,
  ],
  [
    { kind: 'ducklake', path: '/o/x.ducklake' },
    'merge',
    `duckdb -cmd "ATTACH 'ducklake:sqlite:/o/x.ducklake.sqlite' AS lake" -c 'SELECT * FROM lake."ventas" LIMIT 10'`,
  ],
  [
    { kind: 'ducklake', path: '/o/x', server: { setting: 'L' } },
    'merge',
    `duckdb -cmd "ATTACH 'ducklake:postgres:$L' AS lake" -c 'SELECT * FROM lake."ventas" LIMIT 10'`,
  ],
  [{ kind: 'parquet', path: '/o/x.parquet' }, 'replace', `duckdb -c "SELECT * FROM '/o/x.parquet' LIMIT 10"`],
] as const)('how to ask %o', (to, mode, command) => {
  expect(verdict(receiptFor({ ...copied, to, mode }))[2]).toContain(`next:  ${command}   asks it`);
});

test('how to ask a folder of partitions', () => {
  const to = { kind: 'parquet', path: '/o/x' } as const;
  expect(verdict(receiptFor({ ...copied, to, partitionBy: ['day'] }))[2]).toContain(
    `duckdb -c "SELECT * FROM read_parquet('/o/x/ventas/**/*.parquet', hive_partitioning = true) LIMIT 10"`,
  );
});

test('a file that failed: the others are there, and the exit is that of a failure', () => {
  const error = { type: 'SourceCorrupt', message: 'The gzip ends early.\n  to do: get it again', stage: 'ingest' };
  const failed = { ...source, name: 'b', error };
  const receipt = receiptFor(copied, { sources: [source, failed], error });
  const failing = { ...receipt, run: { ...receipt.run, outcome: 'failed' as const } };
  expect(verdict(failing, error.message)).toEqual([
    'copy-duckdb.out-ventas-3f2a91bc: failed: 1 file could not be read, 1 table is loaded',
    'cause: The gzip ends early.',
    'next:  get it again',
  ]);
  expect(verdict({ ...failing, tables: [] }, error.message)[0]).toBe('copy-duckdb.out-ventas-3f2a91bc: failed');
});

test('what is strange about a file is told with advice in flags, too', () => {
  const warnings = ['the first row is taken for a header; if it is data, declare header: false'];
  const strange = { source, report: sourceReport('ventas', { files: [fileReport('ventas.csv', { warnings })] }) };
  expect(copyNotes(receiptFor(copied), [strange]).join('\n')).toContain('if it is data, copy it with --no-header');
});

test('more than a screen bears is left to explain', () => {
  const columns = Array.from({ length: 40 }, (_, index) => column(`c${index}`, 'text'));
  const wide = { source, report: sourceReport('ventas', { tables: [{ name: 'ventas', list: '', columns }] }) };
  const notes = copyNotes(receiptFor(copied), [wide]);
  expect(notes.length).toBeLessThan(25);
  expect(notes.join('\n')).toContain('all of it: npm run acequia -- explain 1a2b3c4d');
});

test('nothing published: no command to ask it', () => {
  const receipt = receiptFor(copied, { tables: [{ ...table, destination: null }] });
  expect(verdict({ ...receipt, run: { ...receipt.run, outcome: 'succeeded' } })[0]).toContain(
    'nothing published as asked',
  );
});
