import { createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { environments } from '../../pipelines/environments.ts';
import { parseRetention, type EnvironmentDefinition, type Retention } from '../../workflows/definition/index.ts';
import { projectRoot } from '../setup/inventory.mjs';
import { parseByteSize } from './byte-size.ts';
import { absolutePath, homeFolder } from './home.ts';
import { requireSettings } from './require-settings.ts';
import { privateKeyFile, publicKeyFile } from './key-files.ts';
import { eventLogSettings, observationSettings, type EventLogSettings } from './observation-settings.ts';

/** An environment with every setting applied: what the command line, the API and the worker go by. */
export interface EnvironmentSettings {
  readonly name: string;
  readonly definition: EnvironmentDefinition;
  /** Absolute path. `ACEQUIA_HOME`, default `.acequia` in the project. */
  readonly home: string;
  /** `<home>/<name>`. */
  readonly folder: string;
  /** `file://`, `s3://` or `gs://` URI without a slash at its end. `ACEQUIA_LAKE` (a URI or a folder), default `<folder>/lake`. */
  readonly lake: string;
  /** Absolute path. `ACEQUIA_OUT`, default `<folder>/out`. */
  readonly out: string;
  /** Absolute path, below `folder`: samples that are made when they are asked for. */
  readonly samples: string;
  /** `ACEQUIA_RETENTION`; default: everything is kept for ever. */
  readonly retention: Retention;
  readonly pipelinesFolder: string;
  /** clamd, which scans source files for malware: `ACEQUIA_CLAMD`, and whether it must answer: `ACEQUIA_CLAMD_REQUIRED`. */
  readonly scan?: { readonly address: string; readonly required: boolean };
  /** A language model that may be asked for mappings: `ACEQUIA_MODEL_URL`, `ACEQUIA_MODEL`. Its key, `ACEQUIA_MODEL_KEY`, is a secret: it is looked up where it is used. */
  readonly model?: { readonly url: string; readonly name: string };
  /**
   * ed25519. `signing`: what a worker signs receipts with, `ACEQUIA_SIGNING_KEY`. `trusted`: whose signatures count, public:
   * `ACEQUIA_VERIFY_KEY`, default the public half of `signing`.
   */
  readonly receiptKeys: { readonly signing?: KeyObject; readonly trusted?: KeyObject };
  readonly temporal: {
    /** `host:port`; absent when only an embedded server will do, or when a profile names it. */
    readonly address?: string;
    /** The server was named by a setting: it must answer, nothing replaces it. */
    readonly explicit: boolean;
    /** `TEMPORAL_PROFILE`: a profile of Temporal's own configuration file names address and credentials. */
    readonly profile?: string;
    readonly namespace: string;
    /** An embedded dev server may be started. */
    readonly embedded: boolean;
    /** `acequia-<name>` */
    readonly taskQueue: string;
    /** `TEMPORAL_UI_URL`, for servers whose Web UI is not where a dev server has it. */
    readonly uiUrl?: string;
  };
  readonly api: { readonly host: string; readonly port: number };
  readonly events: EventLogSettings;
  /** `IP:port` for Prometheus: `ACEQUIA_METRICS`. */
  readonly metrics?: string;
}

type ProcessEnv = Readonly<Record<string, string | undefined>>;

const address = z.string().regex(/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, {
  error: (issue) => `"${String(issue.input)}" is no address; host:port or "embedded" is expected`,
});

/** In a bucket: of characters that mean the same in a key, in a URI and on a command line. */
const LAKE_URI = /^(?:file:\/\/\/.*|(?:s3|gs):\/\/[a-z0-9][a-z0-9._-]*(?:\/(?!\.{1,2}(?:\/|$))[\w.=-]+)*\/*)$/i;

function isUri(value: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(value);
}

const plainSettings = z.object({
  TEMPORAL_ADDRESS: z.union([z.literal('embedded'), address]).optional(),
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().optional(),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' }).optional(),
  ACEQUIA_HOME: z.string().optional(),
  ACEQUIA_LAKE: z
    .string()
    .refine((value) => !isUri(value) || LAKE_URI.test(value), {
      error: (issue) =>
        `"${String(issue.input)}" cannot be opened; a folder, s3://bucket/prefix or gs://bucket/prefix is expected, the prefix of letters, digits and -_.=/`,
    })
    .optional(),
  ACEQUIA_LAKE_CACHE: z
    .string()
    .refine((value) => parseByteSize(value) !== undefined, {
      error: (issue) => `"${String(issue.input)}" is no size; one such as 500MB or 20GB is expected`,
    })
    .optional(),
  ACEQUIA_OUT: z.string().optional(),
  ACEQUIA_RETENTION: z
    .string()
    .transform((value, context) => {
      const parsed = parseRetention(value);
      if ('retention' in parsed) return parsed.retention;
      context.addIssue({ code: 'custom', message: `${parsed.problem}; e.g. staging=7d,landing=90d,quarantine=1y` });
      return z.NEVER;
    })
    .optional(),
  ACEQUIA_CLAMD: z.string().optional(),
  ACEQUIA_CLAMD_REQUIRED: z
    .enum(['true', 'false'], { error: (issue) => `"${String(issue.input)}" means nothing; true or false is expected` })
    .optional(),
  ACEQUIA_MODEL_URL: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected, such as https://host/v1' })
    .optional(),
  ACEQUIA_MODEL: z.string().optional(),
  ACEQUIA_API_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'a host name or an IP address is expected')
    .optional(),
  ACEQUIA_API_PORT: z
    .string()
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, {
      error: (issue) => `"${String(issue.input)}" is no port; a number from 0 to 65535 is expected`,
    })
    .optional(),
});

/** @param root relative paths count from there */
const settingsSchema = (root: string) =>
  plainSettings.extend(observationSettings.shape).extend({
    ACEQUIA_SIGNING_KEY: privateKeyFile((path) => absolutePath(path, root)).optional(),
    ACEQUIA_VERIFY_KEY: publicKeyFile((path) => absolutePath(path, root)).optional(),
  });

/** The settings of a process, each with a value that means something. */
export type Settings = z.infer<ReturnType<typeof settingsSchema>>;

/** The names of the environments there are, in the order in which they are defined. */
export function environmentNames(): string[] {
  return Object.keys(environments);
}

/**
 * Applies the settings of a process to an environment's definition.
 *
 * @throws AcequiaError `DefinitionInvalid` for an unknown environment or a setting with a value that means nothing (all at
 *   once), `SettingMissing` where the environment takes no defaults (all at once, with the places tried).
 */
export function resolveEnvironment(
  name: string,
  processEnv: ProcessEnv,
  root: string = projectRoot(),
): EnvironmentSettings {
  const definition = definitionOf(name);
  const settings = readSettings(processEnv, root);
  if (!definition.defaults) requireSettings(name, definition, settings);
  const home = homeFolder(settings, root);
  const folder = join(home, name);
  const lake = isUri(settings.ACEQUIA_LAKE ?? '')
    ? settings.ACEQUIA_LAKE!
    : pathToFileURL(absolute(settings.ACEQUIA_LAKE, root) ?? join(folder, 'lake')).href;
  return {
    name,
    definition,
    home,
    folder,
    lake: lake.replace(/\/+$/, ''),
    out: absolute(settings.ACEQUIA_OUT, root) ?? join(folder, 'out'),
    samples: join(folder, 'samples'),
    retention: settings.ACEQUIA_RETENTION ?? {},
    pipelinesFolder: join(root, 'pipelines'),
    ...scanSettings(settings),
    events: eventLogSettings(settings, folder, (path) => absolute(path, root)),
    ...(settings.ACEQUIA_METRICS ? { metrics: settings.ACEQUIA_METRICS } : {}),
    ...modelSettings(settings),
    receiptKeys: receiptKeys(settings),
    temporal: temporalSettings(name, definition, settings),
    api: {
      host: settings.ACEQUIA_API_HOST ?? definition.api.host,
      port: settings.ACEQUIA_API_PORT === undefined ? definition.api.port : Number(settings.ACEQUIA_API_PORT),
    },
  };
}

function scanSettings({
  ACEQUIA_CLAMD: address,
  ACEQUIA_CLAMD_REQUIRED: required,
}: Settings): Pick<EnvironmentSettings, 'scan'> {
  if (address) return { scan: { address, required: required === 'true' } };
  if (required !== 'true') return {};
  throw new AcequiaError('SettingMissing', {
    what: 'Source files must be scanned, and nothing says where the scanner is.',
    where: 'environment variables of this process',
    why: 'ACEQUIA_CLAMD_REQUIRED is true, and ACEQUIA_CLAMD is not set.',
    remedy: 'set ACEQUIA_CLAMD to host:port or to the socket of clamd, or unset ACEQUIA_CLAMD_REQUIRED',
  });
}

function modelSettings({ ACEQUIA_MODEL_URL: url, ACEQUIA_MODEL: name }: Settings): Pick<EnvironmentSettings, 'model'> {
  if (url && name) return { model: { url, name } };
  if (!url && !name) return {};
  throw new AcequiaError('SettingMissing', {
    what: 'A language model needs two settings, and one of them is not set.',
    where: 'environment variables of this process',
    why: `${url ? 'ACEQUIA_MODEL_URL' : 'ACEQUIA_MODEL'} is set, and ${url ? 'ACEQUIA_MODEL' : 'ACEQUIA_MODEL_URL'} is not.`,
    remedy: 'set ACEQUIA_MODEL_URL to the base URL and ACEQUIA_MODEL to the name of the model, or unset both',
  });
}

function receiptKeys({
  ACEQUIA_SIGNING_KEY: signing,
  ACEQUIA_VERIFY_KEY: verifying,
}: Settings): EnvironmentSettings['receiptKeys'] {
  const trusted = verifying ?? (signing && createPublicKey(signing));
  return { ...(signing ? { signing } : {}), ...(trusted ? { trusted } : {}) };
}

function definitionOf(name: string): EnvironmentDefinition {
  const names = environmentNames();
  const found = Object.entries(environments).find(([candidate]) => candidate === name);
  if (found) return found[1];
  throw new AcequiaError('DefinitionInvalid', {
    what: `There is no environment "${name}".${closest(name, names)}`,
    where: 'pipelines/environments.ts',
    why: `Environments there are: ${names.join(', ')}.`,
    remedy: `--env ${names.includes('dev') ? 'dev' : (names[0] ?? '<name>')}`,
  });
}

/** An empty setting counts as none: that is how one is taken back in a shell or a unit file. */
function readSettings(processEnv: ProcessEnv, root: string): Settings {
  const schema = settingsSchema(root);
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (processEnv[key] ? [[key, processEnv[key]]] : [])),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `    ${String(issue.path[0])}: ${messageOf(issue)}`);
  throw new AcequiaError('DefinitionInvalid', {
    what: `${problems.length === 1 ? 'A setting means' : `${problems.length} settings mean`} nothing:\n${problems.join('\n')}`,
    where: 'environment variables of this process',
    remedy: 'correct or unset them, then run the same command again',
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message;
  return issue.errors.at(-1)?.[0]?.message ?? issue.message;
}

function temporalSettings(
  name: string,
  definition: EnvironmentDefinition,
  settings: Settings,
): EnvironmentSettings['temporal'] {
  const forced = settings.TEMPORAL_ADDRESS === 'embedded';
  const named = forced ? undefined : settings.TEMPORAL_ADDRESS;
  const profile = named || forced ? undefined : settings.TEMPORAL_PROFILE;
  const fallback = forced || profile ? undefined : definition.temporal.address;
  const chosen = named ?? fallback;
  return {
    ...(chosen ? { address: chosen } : {}),
    ...(profile ? { profile } : {}),
    ...(settings.TEMPORAL_UI_URL ? { uiUrl: settings.TEMPORAL_UI_URL.replace(/\/+$/, '') } : {}),
    explicit: named !== undefined || profile !== undefined,
    namespace: settings.TEMPORAL_NAMESPACE ?? definition.temporal.namespace,
    embedded: definition.temporal.embedded || forced,
    taskQueue: `acequia-${name}`,
  };
}

function absolute(path: string | undefined, root: string): string | undefined {
  return path === undefined ? undefined : absolutePath(path, root);
}
