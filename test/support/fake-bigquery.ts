import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll } from 'vitest';
import { z } from 'zod';
import type { BigQueryServer } from './bigquery.ts';

/** What goes wrong with a request, once or as often as it is asked. */
export interface Fault {
  readonly method: string;
  /** Behind the project; of a job that is started, with its id: `/jobs/acequia_load_…`. */
  readonly path: RegExp;
  readonly times: number;
  /** `lost`: it is done, and the connection is cut before the answer. Else an answer in its place. */
  readonly answer: 'lost' | { readonly status: number; readonly reason: string; readonly message?: string };
}

interface Job {
  readonly jobReference: { readonly jobId: string };
  readonly status: { readonly state: string; readonly errorResult?: unknown; readonly errors?: readonly unknown[] };
}

/** A BigQuery that keeps the protocol where the emulator does not. */
export interface FakeBigQuery {
  readonly environment: Readonly<Record<string, string>>;
  /** Every request, as `POST /jobs/acequia_publish_…`, in their order. */
  readonly asked: string[];
  /** Ids of the jobs that brought a file. */
  readonly uploads: string[];
  fail(fault: Fault): void;
  /** The next load job fails on this row (1-based), as BigQuery tells it. */
  rejectRow(row: number, field: string, value: string): void;
  /** Jobs whose ids begin so run until they are cancelled. */
  hold(prefix: string): void;
  reset(): void;
}

const reference = z.object({
  projectId: z.string(),
  jobId: z.string().regex(/^[A-Za-z0-9_-]{1,1024}$/),
  location: z.string().optional(),
});

const loadJob = z.object({
  jobReference: reference,
  configuration: z.strictObject({
    load: z.strictObject({
      destinationTable: z.strictObject({ projectId: z.string(), datasetId: z.string(), tableId: z.string() }),
      sourceFormat: z.literal('NEWLINE_DELIMITED_JSON'),
      schema: z.strictObject({
        fields: z.array(
          z.strictObject({
            name: z.string(),
            type: z.string(),
            mode: z.literal('NULLABLE'),
            precision: z.string().optional(),
            scale: z.string().optional(),
          }),
        ),
      }),
      createDisposition: z.literal('CREATE_NEVER'),
      writeDisposition: z.literal('WRITE_TRUNCATE'),
      maxBadRecords: z.literal(0),
      ignoreUnknownValues: z.literal(false),
      // The client's own doing.
      location: z.string().optional(),
    }),
  }),
});

const queryJob = z.strictObject({
  jobReference: reference,
  configuration: z.strictObject({
    query: z.strictObject({
      query: z.string().min(1),
      useLegacySql: z.literal(false),
      defaultDataset: z.strictObject({ projectId: z.string(), datasetId: z.string() }),
    }),
  }),
});

/**
 * A fake in front of the emulator, which answers what is asked of tables and rows: a job's id is taken once (409), a job of an
 * upload has the id that it was given, and whatever a test wants to go wrong goes wrong. What is sent is held against the
 * API's own schema of jobs.
 */
export async function startFakeBigQuery(emulator: BigQueryServer): Promise<FakeBigQuery> {
  const jobs = new Map<string, Job>();
  const held: string[] = [];
  const cancelled = new Set<string>();
  let faults: Fault[] = [];
  let rejected: { row: number; field: string; value: string } | undefined;
  const asked: string[] = [];
  const uploads: string[] = [];

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const method = request.method ?? 'GET';
    const path = (request.url ?? '').replace(/^.*\/projects\/[^/]+/, '').split('?')[0] ?? '';
    const send = (status: number, answer: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    const refuse = (code: number, reason: string, message: string): void =>
      send(code, { error: { code, message, errors: [{ domain: 'global', reason, message }] } });

    const upload = request.url?.startsWith('/upload/') ? multipart(body) : undefined;
    const started = upload
      ? loadJob.parse(upload.job)
      : method === 'POST' && path === '/jobs'
        ? queryJob.parse(JSON.parse(body.toString()))
        : undefined;
    const place = started ? `${path}/${started.jobReference.jobId}` : path;
    asked.push(`${method} ${place}`);
    const fault = faults.find((one) => one.times > 0 && one.method === method && one.path.test(place));
    if (fault) faults = faults.map((one) => (one === fault ? { ...one, times: one.times - 1 } : one));
    if (fault && fault.answer !== 'lost') {
      const { status, reason, message = reason } = fault.answer;
      refuse(status, reason, message);
      return;
    }
    const forward = async (): Promise<{ status: number; answer: unknown }> => {
      const headers = { 'content-type': request.headers['content-type'] ?? 'application/json' };
      const hasBody = body.length > 0;
      const found = await fetch(`${emulator.url}${request.url}`, { method, headers, ...(hasBody ? { body } : {}) });
      const text = await found.text();
      return { status: found.status, answer: text === '' ? {} : (JSON.parse(text) as unknown) };
    };
    const startJob = async (id: string, run: () => Promise<Job>): Promise<void> => {
      if (jobs.has(id)) {
        refuse(409, 'duplicate', `Already Exists: Job ${id}`);
        return;
      }
      const job = await run();
      jobs.set(id, { ...job, jobReference: { ...job.jobReference, jobId: id } });
      if (fault) response.destroy();
      else send(200, stateOf(id));
    };
    const stateOf = (id: string): Job | undefined => {
      const job = jobs.get(id);
      const runs = held.some((prefix) => id.startsWith(prefix)) && !cancelled.has(id);
      return job && runs ? { ...job, status: { state: 'RUNNING' } } : job;
    };

    if (started && upload) {
      const { jobReference } = started;
      uploads.push(jobReference.jobId);
      return startJob(jobReference.jobId, async () => {
        if (!rejected) return (await forward()).answer as Job;
        const failed = rejectedJob(rejected, upload.data);
        rejected = undefined;
        return { ...failed, jobReference };
      });
    }
    if (started) return startJob(started.jobReference.jobId, async () => (await forward()).answer as Job);
    const [, id = '', verb] = /^\/jobs\/([^/]+)(\/cancel)?$/.exec(path) ?? [];
    if (id !== '' && verb) {
      cancelled.add(id);
      send(200, { job: jobs.get(id) });
      return;
    }
    if (id !== '') {
      const job = stateOf(id);
      if (job) send(200, job);
      else refuse(404, 'notFound', `Not found: Job ${id}`);
      return;
    }
    const { status, answer } = await forward();
    if (status === 204) response.writeHead(204).end();
    else send(status, answer);
  };

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          error: { code: 400, message: String(error), errors: [{ reason: 'fakeRefuses', message: String(error) }] },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    environment: { BIGQUERY_EMULATOR_HOST: `127.0.0.1:${port}` },
    asked,
    uploads,
    fail: (fault) => void faults.push(fault),
    rejectRow: (row, field, value) => (rejected = { row, field, value }),
    hold: (prefix) => void held.push(prefix),
    reset: () => {
      faults = [];
      rejected = undefined;
      for (const list of [held, asked, uploads]) list.length = 0;
    },
  };
}

/** What the client sends with a file: the job, and the file. */
function multipart(body: Buffer): { readonly job: unknown; readonly data: string } {
  const [, job = '', data = ''] = /\r\n\r\n(\{.*?\})\r\n--.*?\r\n\r\n(.*)\r\n--/s.exec(body.toString()) ?? [];
  return { job: JSON.parse(job), data };
}

/** As BigQuery tells of a row that it cannot read: by the byte at which its line begins, and with the value. */
function rejectedJob(
  { row, field, value }: { row: number; field: string; value: string },
  data: string,
): Pick<Job, 'status'> {
  const before = data
    .split('\n')
    .slice(0, row - 1)
    .join('\n');
  const position = Buffer.byteLength(before) + (row > 1 ? 1 : 0);
  const reading = 'Error while reading data, error message:';
  const first = {
    reason: 'invalid',
    message: `${reading} JSON table encountered too many errors, giving up. Rows: ${row}; errors: 1. Please look into the errors[] collection for more details.`,
  };
  const telling = {
    reason: 'invalid',
    message: `${reading} JSON parsing error in row starting at position ${position}: Could not convert value to integer. Field: ${field}; Value: ${value}`,
  };
  return { status: { state: 'DONE', errorResult: first, errors: [first, telling] } };
}
