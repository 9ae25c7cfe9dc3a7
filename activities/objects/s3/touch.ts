import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { statusOf } from './client.ts';

/** Bytes that S3 copies in one request. */
const COPIED_AT_ONCE = 5 * 1024 ** 3;

/**
 * Gives an object the time of now, by copying it onto itself within the store. Returns whether it is there. One that was
 * written meanwhile has that time already, and is left alone.
 * @param most bytes that are copied in one request; a larger object goes in parts
 */
export async function touchObject(
  client: S3Client,
  bucket: string,
  key: string,
  signal: AbortSignal,
  most = COPIED_AT_ONCE,
): Promise<boolean> {
  try {
    const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
    await renew(client, { bucket, key, found, most, signal });
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 && !(error instanceof Error && error.name === 'NoSuchBucket')) return false;
    if (status === 412) return true;
    throw error;
  }
}

interface Renewal {
  readonly bucket: string;
  readonly key: string;
  readonly found: HeadObjectCommandOutput;
  readonly most: number;
  readonly signal: AbortSignal;
}

async function renew(client: S3Client, { bucket, key, found, most, signal }: Renewal): Promise<void> {
  const { ETag, ContentLength: bytes = 0, LastModified, Metadata } = found;
  const place = { Bucket: bucket, Key: key };
  if (bytes === 0) {
    await client.send(new PutObjectCommand({ ...place, Body: '', ContentLength: 0, Metadata, IfMatch: ETag }), {
      abortSignal: signal,
    });
    return;
  }
  const copy = { ...place, CopySource: copySource(bucket, key), CopySourceIfMatch: ETag };
  if (bytes <= most) {
    const onto = new CopyObjectCommand({ ...copy, MetadataDirective: 'REPLACE', Metadata, IfMatch: ETag });
    const { CopyObjectResult } = await client.send(onto, { abortSignal: signal });
    // Some servers leave the time as it was when nothing else changes.
    if ((CopyObjectResult?.LastModified ?? 0) > (LastModified ?? 0)) return;
  }
  await copyInParts(client, copy, { bytes, most, version: ETag, signal, Metadata });
}

interface Copy {
  readonly Bucket: string;
  readonly Key: string;
  readonly CopySource: string;
  readonly CopySourceIfMatch: string | undefined;
}

interface PartsOf extends Pick<HeadObjectCommandOutput, 'Metadata'> {
  readonly bytes: number;
  readonly most: number;
  readonly version: string | undefined;
  readonly signal: AbortSignal;
}

async function copyInParts(
  client: S3Client,
  copy: Copy,
  { bytes, most, version, signal, Metadata }: PartsOf,
): Promise<void> {
  const place = { Bucket: copy.Bucket, Key: copy.Key };
  // No checksum is asked for: S3 takes one of the whole by itself, and other servers combine those of copied parts wrongly.
  const begun = new CreateMultipartUploadCommand({ ...place, Metadata });
  const { UploadId } = await client.send(begun, { abortSignal: signal });
  try {
    const parts: CompletedPart[] = [];
    for (let from = 0; from < bytes; from += most) {
      const range = `bytes=${from}-${Math.min(from + most, bytes) - 1}`;
      const PartNumber = parts.length + 1;
      const part = new UploadPartCopyCommand({ ...copy, UploadId, PartNumber, CopySourceRange: range });
      const { CopyPartResult } = await client.send(part, { abortSignal: signal });
      parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    const whole = { ...place, UploadId, IfMatch: version };
    await client.send(new CompleteMultipartUploadCommand({ ...whole, MultipartUpload: { Parts: parts } }), {
      abortSignal: signal,
    });
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...place, UploadId }));
    throw error;
  }
}

/** As it stands in a header: each segment of the key encoded. */
function copySource(bucket: string, key: string): string {
  return [bucket, ...key.split('/').map(encodeURIComponent)].join('/');
}
