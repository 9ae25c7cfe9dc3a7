import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { fakeGcs, moto, versitygw } from '../../infra/setup/inventory.mjs';
import { startServer, type ServerProcess } from './server-process.ts';

/** A server of objects, for the tests of one file. */
export interface ObjectServer extends ServerProcess {
  /** What the vendor's SDK has to find in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  makeBucket(name: string): Promise<void>;
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Looks like the real ones; stands in no message, log or receipt. */
const SECRET = 'wJalrXUtnFEMI/K7MDENG+marker/secretEXAMPLEKEY';

/** What vendors' SDKs may find in the environment: nothing but this, and nothing of this machine's own. */
export function useSettings(settings: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env).filter((name) => /^AWS_(?!SDK_)|^STORAGE_|^GOOGLE_/.test(name))) {
    vi.stubEnv(name, undefined);
  }
  const nowhere = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/nowhere' };
  for (const [name, value] of Object.entries({
    ...nowhere,
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    ...settings,
  }))
    vi.stubEnv(name, value);
}

/** A real versitygw: it speaks S3 over a folder, and checks signatures. */
export async function startS3(): Promise<ObjectServer> {
  const server = await startServer(versitygw()?.path, (port, folder) => {
    for (const name of ['objects', 'attributes']) mkdirSync(join(folder, name));
    return {
      args: [
        ...['--port', `127.0.0.1:${port}`, '--region', 'us-east-1', '--quiet'],
        ...['posix', '--sidecar', join(folder, 'attributes'), join(folder, 'objects')],
      ],
      env: { ROOT_ACCESS_KEY: 'AKIAACEQUIAEXAMPLE', ROOT_SECRET_KEY: SECRET },
    };
  });
  return withBuckets(server, {
    AWS_ENDPOINT_URL_S3: server.url,
    AWS_ACCESS_KEY_ID: 'AKIAACEQUIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_REGION: 'us-east-1',
  });
}

/** A real moto: it speaks many protocols of AWS, and checks no credentials. */
export async function startMoto(): Promise<ObjectServer> {
  const found = moto();
  const server = await startServer(found?.path, (port) => ({
    args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    env: { PYTHONPATH: found?.packages },
  }));
  return withBuckets(server, {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIAACEQUIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_REGION: 'us-east-1',
  });
}

function withBuckets(server: ServerProcess, environment: ObjectServer['environment']): ObjectServer {
  return {
    ...server,
    environment,
    makeBucket: async (name) => {
      const client = new S3Client({
        endpoint: server.url,
        forcePathStyle: true,
        region: environment.AWS_REGION!,
        credentials: {
          accessKeyId: environment.AWS_ACCESS_KEY_ID!,
          secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
        },
      });
      await client.send(new CreateBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}

/** A real fake-gcs-server: it speaks Google Cloud Storage, and checks no credentials. In memory, as with files no key may lie below another. */
export async function startGcs(): Promise<ObjectServer> {
  const server = await startServer(fakeGcs()?.path, (port) => ({
    args: [
      ...['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-log-level', 'error', '-backend', 'memory'],
      ...['-external-url', `http://127.0.0.1:${port}`, '-public-host', `127.0.0.1:${port}`],
    ],
  }));
  return {
    ...server,
    environment: { STORAGE_EMULATOR_HOST: server.url },
    makeBucket: async (name) => {
      const answer = await fetch(`${server.url}/storage/v1/b?project=acequia`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
      if (!answer.ok) throw new Error(`fake-gcs-server made no bucket ${name}: ${answer.status}`);
    },
  };
}
