import { createPublicKey, type KeyObject } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { environments } from '../../pipelines/environments.ts';
import { parseRetention, type EnvironmentDefinition, type Retention } from '../../workflows/definition/index.ts';
import { projectRoot } from '../setup/inventory.mjs';
import { privateKeyFile, publicKeyFile } from './key-files.ts';

/** An environment with every setting applied: what the command line, the API and the worker go by. */
export interface EnvironmentSettings {
  readonly name: string;
  readonly definition: EnvironmentDefinition;
  /** Absolute path. `ACEQUIA_HOME`, default `.acequia` in the project. */
  readonly home: string;
  /** `<home>/<name>`. */
  readonly folder: string;
  /** `file://` URI without a slash at its end. `ACEQUIA_LAKE` (a URI or a folder), default `<folder>/lake`. */
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
}

type ProcessEnv = Readonly<Record<string, string | undefined>>;

const address = z.string().regex(/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, {
  error: (issue) => `"${String(issue.input)}" is no address; host:port or "embedded" is expected`,
});

const plainSettings = z.object({
  TEMPORAL_ADDRESS: z.union([z.literal('embedded'), address]).optional(),
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().optional(),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' }).optional(),
  ACEQUIA_HOME: z.string().optional(),
  ACEQUIA_LAKE: z
    .string()
    .refine((value) => !/^[a-z][a-z0-9+.-]+:/.test(value) || /^file:\/\/\//.test(value), {
      error: (issue) =>
        `"${String(issue.input)}" cannot be opened by this version; a folder or a file:/// URI is expected`,
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
  plainSettings.extend({
    ACEQUIA_SIGNING_KEY: privateKeyFile((path) => absolutePath(path, root)).optional(),
    ACEQUIA_VERIFY_KEY: publicKeyFile((path) => absolutePath(path, root)).optional(),
  });

type Settings = z.infer<ReturnType<typeof settingsSchema>>;

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
  const home = absolute(settings.ACEQUIA_HOME, root) ?? join(root, '.acequia');
  const folder = join(home, name);
  const lake = settings.ACEQUIA_LAKE?.startsWith('file:')
    ? settings.ACEQUIA_LAKE
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

function requireSettings(name: string, definition: EnvironmentDefinition, settings: Settings): void {
  const missing: string[] = [];
  if (!settings.TEMPORAL_ADDRESS && !settings.TEMPORAL_PROFILE && !definition.temporal.address) {
    missing.push(
      `TEMPORAL_ADDRESS   host:port of the Temporal server (tried: the variable, TEMPORAL_PROFILE, temporal.address of ${name} in pipelines/environments.ts)`,
    );
  }
  const below = { ACEQUIA_HOME: 'logs and alerts', ACEQUIA_LAKE: "the runs' storage", ACEQUIA_OUT: 'results' } as const;
  for (const key of ['ACEQUIA_HOME', 'ACEQUIA_LAKE', 'ACEQUIA_OUT'] as const) {
    if (!settings[key]) missing.push(`${key.padEnd(16)}   a folder for ${below[key]} (tried: the variable)`);
  }
  if (missing.length > 0) {
    throw new AcequiaError('SettingMissing', {
      what: `The environment "${name}" takes no defaults, and ${missing.length === 1 ? 'a setting is' : `${missing.length} settings are`} missing:\n${missing
        .map((line) => `    ${line}`)
        .join('\n')}`,
      where: 'environment variables of this process',
      remedy: 'set them, or use an environment with defaults: --env dev',
    });
  }
  if (settings.TEMPORAL_ADDRESS === 'embedded') {
    throw new AcequiaError('DefinitionInvalid', {
      what: `The environment "${name}" starts no embedded server.`,
      where: 'TEMPORAL_ADDRESS=embedded',
      remedy: 'set TEMPORAL_ADDRESS to the host:port of a Temporal server',
    });
  }
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

/** Relative paths count from the project, not from where a command happens to be called. */
function absolutePath(path: string, root: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(root, path);
}
