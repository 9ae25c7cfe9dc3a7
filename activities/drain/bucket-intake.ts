import type { BucketPlan, TargetPlan } from '../../workflows/definition/index.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { BucketFile } from '../files/bucket-file.ts';
import { costsOneFile } from '../ingest/parked.ts';
import { METRICS, type MetricTags } from '../worker-metrics.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { openObjects } from '../objects/open-objects.ts';
import type { Intake } from './intake.ts';
import { objectRecords, type ObjectReading, type ObjectRecord } from './object-records.ts';
import { ProcessedFiles, type FileEnd, type ObjectVersion } from './processed-files.ts';
import { listObjects } from './waiting-objects.ts';

/** Characters of records that are taken at once, whatever their number: batches of large records are small. */
const MOST_CHARACTERS = 16 << 20;

/** An object that waits. */
interface Waiting extends ObjectVersion {
  readonly file: BucketFile;
}

/** The object that is read. */
interface Current {
  readonly object: Waiting;
  readonly pieces: AsyncGenerator<readonly ObjectRecord[], void>;
  /** Records that are taken next, from `at` on. */
  piece: readonly ObjectRecord[];
  at: number;
  records: number;
}

export interface BucketSettings extends ObjectReading {
  readonly target: TargetPlan;
  /** When the run began: what has failed since then is not tried again in it. ISO instant. */
  readonly since: string;
  readonly tags: MetricTags;
}

/** Objects of a bucket that wait, the oldest first. To be closed. Errors: those of the store. */
export async function openBucket({ url }: BucketPlan, settings: BucketSettings): Promise<BucketIntake> {
  const { store, key } = await openObjects(url);
  return new BucketIntake(store, key, settings);
}

/**
 * Records of a bucket's objects. An object becomes `done` in the transaction of its last records: one that was not read to its
 * end is read again, and what is loaded of it is recognised by the ids of its records.
 */
class BucketIntake implements Intake {
  readonly beside: readonly string[] = [];
  readonly countsFiles = true;
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #settings: BucketSettings;
  readonly #files: ProcessedFiles;
  /** The next one last; `undefined`: it is to be looked what there is. */
  #waiting: Waiting[] | undefined;
  #current: Current | undefined;
  /** By the table of the batch: objects that end with it, and how many records it has. */
  readonly #batches = new Map<string, { readonly ends: readonly FileEnd[]; readonly taken: number }>();

  constructor(store: ObjectStore, prefix: string, settings: BucketSettings) {
    this.#store = store;
    this.#prefix = prefix;
    this.#settings = settings;
    this.#files = new ProcessedFiles(settings.target);
  }

  async take(session: Session, table: string, size: number): Promise<number> {
    await session.run(`CREATE TABLE ${table} (source_id VARCHAR, record VARCHAR, unreadable VARCHAR)`);
    const ends: FileEnd[] = [];
    const records: ObjectRecord[] = [];
    let characters = 0;
    while (records.length < size && characters < MOST_CHARACTERS) {
      const record = await this.#next(session, ends);
      if (!record) break;
      records.push(record);
      characters += record.text.length;
    }
    if (records.length === 0) {
      await this.#files.end(session, ends);
      this.#count(ends);
      return 0;
    }
    const appender = await session.connection.createAppender(table);
    for (const { id, text, problem } of records) {
      appender.appendVarchar(id);
      appender.appendVarchar(text);
      if (problem === undefined) appender.appendNull();
      else appender.appendVarchar(problem);
      appender.endRow();
    }
    appender.closeSync();
    this.#batches.set(table, { ends, taken: records.length });
    return records.length;
  }

  publishing(session: Session, table: string): Promise<void> {
    return this.#files.end(session, this.#batches.get(table)?.ends ?? []);
  }

  done(_session: Session, table: string): Promise<number> {
    const { ends, taken } = this.#batches.get(table) ?? { ends: [], taken: 0 };
    this.#batches.delete(table);
    this.#count(ends);
    return Promise.resolve(taken);
  }

  again(): void {
    this.#waiting = undefined;
  }

  async close(): Promise<void> {
    await this.#current?.pieces.return();
    this.#current = undefined;
    this.#store.close();
  }

  /** The next record. Objects that have come to their ends on the way are told to `ends`. */
  async #next(session: Session, ends: FileEnd[]): Promise<ObjectRecord | undefined> {
    for (;;) {
      const current = (this.#current ??= await this.#begin(session));
      if (!current) return undefined;
      if (current.at < current.piece.length) {
        current.records += 1;
        return current.piece[current.at++];
      }
      const { object } = current;
      try {
        const { done, value } = await current.pieces.next();
        if (!done) {
          [current.piece, current.at] = [value, 0];
          continue;
        }
        ends.push({ object, records: current.records });
      } catch (error) {
        this.#settings.work.signal.throwIfAborted();
        if (!isOfObject(error)) throw error;
        ends.push({ object, records: current.records, error });
      }
      this.#current = undefined;
    }
  }

  async #begin(session: Session): Promise<Current | undefined> {
    this.#waiting ??= await this.#look(session);
    const object = this.#waiting.pop();
    if (!object) return undefined;
    await this.#files.start(session, object);
    const pieces = objectRecords(object.file, session, this.#settings);
    return { object, pieces, piece: [], at: 0, records: 0 };
  }

  async #look(session: Session): Promise<Waiting[]> {
    const { work, since } = this.#settings;
    work.report({ step: 'listing' });
    const waiting: Waiting[] = [];
    for await (const objects of listObjects(this.#store, this.#prefix, work.signal)) {
      const listed = objects.map((object) => {
        const url = `${this.#store.root}/${object.key}`;
        const file = new BucketFile(this.#store, object, url);
        return { file, url, version: object.version, bytes: object.bytes };
      });
      waiting.push(...(await this.#files.waiting(session, listed, since)));
    }
    return waiting.sort((a, b) => b.file.modifiedMs - a.file.modifiedMs || (a.url < b.url ? 1 : -1));
  }

  #count(ends: readonly FileEnd[]): void {
    const { work, tags } = this.#settings;
    const failed = ends.filter(({ error }) => error).length;
    if (ends.length > failed) work.metrics?.count(METRICS.filesProcessed, ends.length - failed, tags);
    if (failed > 0) work.metrics?.count(METRICS.filesFailed, failed, tags);
  }
}

/** What costs one object: also that another took its place, which is found with the next look. */
function isOfObject(error: unknown): error is AcequiaError {
  return costsOneFile(error) || (error instanceof AcequiaError && error.type === 'SourceChanging');
}
