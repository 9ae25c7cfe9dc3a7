import {
  destinationName,
  type PipelineDefinition,
  type UploadDefinition,
  type UploadPlan,
} from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { isObjectUrl, objectUrl, parseObjectUrl } from '../objects/object-url.ts';

/** Where the setting names a place, what goes there. Throws `DefinitionInvalid` where it names none in a bucket. */
export function compileUpload(
  upload: UploadDefinition | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): { upload?: UploadPlan } {
  const given = upload && variables[upload.to];
  if (!given) return {};
  return { upload: { to: placeOf(upload.to, given), of: upload.of.map(nameOf) } };
}

function nameOf(one: UploadDefinition['of'][number]): string {
  return typeof one === 'string' ? one : destinationName(one);
}

function placeOf(setting: string, given: string): string {
  if (!isObjectUrl(given)) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `${setting}=${given} is no place in a bucket.`,
      where: 'environment variables of the worker',
      remedy: `set ${setting} to s3://bucket/folder/ or gs://bucket/folder/; without it nothing is uploaded`,
    });
  }
  const place = parseObjectUrl(given);
  return objectUrl({ ...place, key: place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/` });
}

/** What cannot be uploaded in one piece, or is not there. */
export function uploadProblems({ upload, models }: PipelineDefinition): string[] {
  const published = Object.values(models).flatMap(({ publish = [] }) => publish.map(destinationName));
  return (upload?.of ?? []).flatMap((one) => {
    if (typeof one === 'string') return [];
    const name = destinationName(one);
    if (!published.includes(name)) return [`upload.of: no model is published to ${name}`];
    if (one.kind === 'parquet' && !name.endsWith('.parquet')) {
      return [`upload.of: ${name} is a folder; upload 'tables', or publish to the bucket itself`];
    }
    return /^(?:tables|inputs)\//.test(name) ? [`upload.of: ${name} would lie among what else is uploaded`] : [];
  });
}
