import type {
  DestinationByPlace,
  DestinationChoice,
  DestinationDefinition,
  ModelDefinition,
  PipelineDefinition,
  WrittenDestination,
} from '../../workflows/definition/index.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { placedDestination } from './placed-destination.ts';

/**
 * A definition with every destination that depends on a setting or on the environment decided. Throws `DefinitionInvalid`, and
 * `SettingMissing`, also where a setting would lead elsewhere than to a destination that cannot be published to yet.
 */
export function settleDestinations(
  { models, ...definition }: PipelineDefinition<WrittenDestination>,
  pipeline: string,
  environment: string,
  variables: Readonly<Record<string, string | undefined>>,
): PipelineDefinition {
  const settled = Object.entries(models).map(([name, { publish, ...model }]): [string, ModelDefinition] => [
    name,
    publish ? { ...model, publish: publish.map((one) => settle(one, pipeline, environment, variables)) } : model,
  ]);
  return { ...definition, models: Object.fromEntries(settled) };
}

function settle(
  written: WrittenDestination,
  pipeline: string,
  environment: string,
  variables: Readonly<Record<string, string | undefined>>,
): DestinationDefinition {
  if (written.kind === 'place') return placed(written, pipeline, variables);
  const chosen = written.kind === 'choice' ? choose(written, pipeline, environment, variables) : written;
  if (chosen.kind !== 'athena') return chosen;
  const { database, workgroup, staging } = chosen;
  throw new AcequiaError(written.kind === 'choice' ? 'SettingMissing' : 'DefinitionInvalid', {
    what: `${pipeline} is to be published to Athena in ${environment}, and this version cannot do that yet.`,
    where: `Glue database ${database}, workgroup ${workgroup}, staging place in the setting ${staging}`,
    why: 'The definition names that destination, so that it is known; publishing to it comes with a later version.',
    remedy:
      written.kind === 'choice'
        ? `set ${written.setting} to ${publishable(written).join(' or ')}`
        : 'publish to another destination',
  });
}

function placed(
  written: DestinationByPlace,
  pipeline: string,
  variables: Readonly<Record<string, string | undefined>>,
): DestinationDefinition {
  const { setting, otherwise } = written;
  const given = variables[setting]?.trim();
  if (given) return placedDestination(written, given);
  if (otherwise) return otherwise;
  throw new AcequiaError('SettingMissing', {
    what: `Nothing says where ${pipeline} is published.`,
    why: `The setting ${setting} is not set, and the definition names no place to take instead.`,
    remedy: `set ${setting} to a folder, or to s3://bucket/folder/ or gs://bucket/folder/`,
  });
}

function choose(
  { setting, among, defaults }: DestinationChoice,
  pipeline: string,
  environment: string,
  variables: Readonly<Record<string, string | undefined>>,
): DestinationChoice['among'][string] {
  const names = Object.keys(among);
  const given = variables[setting] || undefined;
  const name = given ?? defaults[environment];
  const chosen = name === undefined ? undefined : among[name];
  if (chosen) return chosen;
  if (given !== undefined) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `${setting}=${given} names no destination of ${pipeline}.${closest(given, names)}`,
      where: 'environment variables of the worker',
      remedy: `set it to ${names.join(' or ')}`,
    });
  }
  throw new AcequiaError('SettingMissing', {
    what: `Nothing says where ${pipeline} is published in ${environment}.`,
    why: `The setting ${setting} is not set, and the definition has no default for ${environment}.`,
    remedy: `set ${setting} to ${names.join(' or ')}`,
  });
}

/** Names that can be chosen. */
export function publishable({ among }: DestinationChoice): string[] {
  return Object.entries(among).flatMap(([name, { kind }]) => (kind === 'athena' ? [] : [name]));
}
