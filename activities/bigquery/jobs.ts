import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Work } from '../progress.ts';
import { isDuplicate, isNotFound, JobFailed, type ApiProblem } from './api-error.ts';
import type { Warehouse } from './warehouse.ts';

/** A job as the API describes it. */
export interface Job {
  readonly jobReference: { readonly jobId: string; readonly location?: string };
  readonly status: {
    readonly state: 'PENDING' | 'RUNNING' | 'DONE';
    readonly errorResult?: ApiProblem;
    readonly errors?: readonly ApiProblem[];
  };
}

/** What is to be done once, however often it is asked for. */
export interface JobToRun {
  /** Names the work: the same for the same work. Letters, digits, `-` and `_`. */
  readonly id: string;
  /** Hands it to BigQuery under an id. */
  readonly start: (id: string) => Promise<Job>;
}

/**
 * The id of a job that is the same for the same work: what kind of work, what people know it by, and all that makes it another.
 * Ids are those of a whole project, so that the dataset is part of it.
 */
export function jobId(
  { dataset, location }: Pick<Warehouse, 'dataset' | 'location'>,
  kind: string,
  ...parts: readonly string[]
): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([location, dataset, ...parts]))
    .digest('hex');
  return `acequia_${kind}_${digest.slice(0, 32)}`;
}

/** Milliseconds between two looks at a job: short at first, as most end soon. */
const FIRST_LOOK_MS = 50;
const LAST_LOOK_MS = 2_000;

/**
 * Runs a job once: one that BigQuery knows under its id is waited for, whoever has started it. One that has failed has used up
 * its id, and is followed by another under the next. Cancelling cancels the job. Error `JobFailed`; those of the API.
 */
export async function runJob(warehouse: Warehouse, { id, start }: JobToRun, work: Work): Promise<Job> {
  for (let attempt = 1; ; attempt += 1) {
    work.signal.throwIfAborted();
    const own = attempt === 1 ? id : `${id}-${attempt}`;
    const before = await findJob(warehouse, own);
    try {
      return await ended(warehouse, before ?? (await startOrMeet(warehouse, own, start)), work);
    } catch (error) {
      if (!before || !(error instanceof JobFailed)) throw error;
    }
  }
}

/** Starts a job of the API's own making: a query, a copy. */
export function startJob(warehouse: Warehouse, id: string, configuration: unknown): Promise<Job> {
  const jobReference = { projectId: warehouse.project, jobId: id, location: warehouse.location };
  return warehouse.ask<Job>('/jobs', { method: 'POST', body: { jobReference, configuration } });
}

async function findJob({ ask, location }: Warehouse, id: string): Promise<Job | undefined> {
  try {
    return await ask<Job>(`/jobs/${id}`, { query: { location } });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Another attempt may have been faster, or this one's first answer may have been lost. */
async function startOrMeet(warehouse: Warehouse, id: string, start: JobToRun['start']): Promise<Job> {
  try {
    return await start(id);
  } catch (error) {
    const met = isDuplicate(error) ? await findJob(warehouse, id) : undefined;
    if (met) return met;
    throw error;
  }
}

async function ended(warehouse: Warehouse, job: Job, work: Work): Promise<Job> {
  const { ask } = warehouse;
  const { jobId, location = warehouse.location } = job.jobReference;
  let found = job;
  try {
    for (let wait = FIRST_LOOK_MS; found.status.state !== 'DONE'; wait = Math.min(wait * 1.5, LAST_LOOK_MS)) {
      await pause(wait, undefined, { signal: work.signal });
      found = await ask<Job>(`/jobs/${jobId}`, { query: { location } });
    }
  } catch (error) {
    if (!work.signal.aborted) throw error;
    // Where it cannot be told any more, it ends by itself: what it does is done once all the same.
    await ask(`/jobs/${jobId}/cancel`, { method: 'POST', query: { location } }).catch(() => undefined);
    throw work.signal.reason;
  }
  const { errorResult, errors = [] } = found.status;
  if (!errorResult) return found;
  throw new JobFailed([errorResult, ...errors]);
}
