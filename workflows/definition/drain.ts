import type { PipelineDefinition } from './pipeline.ts';

/** A record that is written as text inside another: by the text, or by what stands beside it. */
export interface EmbeddedRule {
  /** The member with the text; `''`: the record itself is a text. */
  readonly at: string;
  readonly as: 'xml' | 'csv';
  /** Members and the texts that they must have. Default: XML begins with `<`, CSV does not. */
  readonly when?: Readonly<Record<string, string>>;
}

/** A column of the table that records become rows of. */
export type TargetColumn =
  | string
  | {
      /** As a contract writes it: `'decimal(38,9)!'`. */
      readonly type: string;
      /** The only texts that it may have. */
      readonly oneOf?: readonly string[];
      /** A regular expression (RE2) that its texts fit. */
      readonly like?: string;
      /** Where a mapping does not say it: a column beside the record, and a path inside it: `merchant.name`. */
      readonly row?: string;
    };

/** What a row must be besides its columns: SQL over the target's columns, such as `amount >= 0`. NULL holds. */
export interface TargetRule {
  readonly name: string;
  readonly that: string;
}

/** How the columns of a queue may be called: the first form of which all are there is taken. */
export interface QueueForm {
  /** `json`, `jsonb` or text: the record. */
  readonly record: string;
  /** Columns beside it that target columns are taken from. Those that are not there are NULL. */
  readonly beside?: readonly string[];
}

/** Rows of a Postgres table that are waiting, and are marked once they are done. */
export interface QueueSource {
  readonly kind: 'queue';
  /** The setting that holds the URL. */
  readonly setting: string;
  /** `table` or `schema.table`; a setting may name another. */
  readonly table: string;
  readonly forms: readonly QueueForm[];
  /** Default: `id`, `created_at`, `processed`, `processed_at`. */
  readonly columns?: Partial<QueueColumns>;
  /** Settings that give other names of the table and its columns; where none is set, the names above hold. */
  readonly settings?: Partial<Record<'table' | 'record' | keyof QueueColumns, string>>;
}

export interface QueueColumns {
  readonly id: string;
  readonly createdAt: string;
  readonly processed: string;
  readonly processedAt: string;
}

/** Objects of a bucket, each of which is done once in each of its versions. */
export interface BucketSource {
  readonly kind: 'bucket';
  /** The setting that names the bucket: `raw-events`, `s3://raw-events`, `gs://raw-events`. Not set: nothing is read. */
  readonly setting: string;
  /** The setting with what keys begin with. Default: everything. */
  readonly prefix?: string;
}

export type DrainSource = QueueSource | BucketSource;

/** A pipeline that takes records of any shape from where they wait, batch by batch, until nothing is left. */
export interface DrainDefinition {
  readonly from: Readonly<Record<string, DrainSource>>;
  /** Records that are written as text inside others. */
  readonly embedded?: readonly EmbeddedRule[];
  readonly into: {
    /** The setting that holds the URL of a Postgres. */
    readonly setting: string;
    /** Default `public`. */
    readonly schema?: string;
    readonly table: string;
    /** In order. The engine adds `event_id, source_id` before, and where a row comes from behind. */
    readonly columns: Readonly<Record<string, TargetColumn>>;
    readonly rules?: readonly TargetRule[];
  };
  /**
   * How often waiting records are looked for: the setting with the seconds, what holds where it is not set, and the setting that
   * says `true` where once is enough. Default: once.
   */
  readonly poll?: { readonly setting: string; readonly seconds: number; readonly once?: string };
}

interface WrittenDrain extends DrainDefinition, Pick<PipelineDefinition, 'summary' | 'sample' | 'timezone'> {}

/** A pipeline that drains queues and buckets. Mappings are files in `mappings/`. */
export function defineDrain({ summary, sample, timezone, ...drain }: WrittenDrain): PipelineDefinition {
  return { summary, ...(sample ? { sample } : {}), ...(timezone ? { timezone } : {}), sources: {}, models: {}, drain };
}

/** Rows that wait in a Postgres table, by the name of the setting that holds the database's URL. */
export function queue(
  setting: string,
  table: string,
  options: Omit<QueueSource, 'kind' | 'setting' | 'table'>,
): QueueSource {
  return { kind: 'queue', setting, table, ...options };
}

/** Files that lie in a bucket, by the name of the setting that names it. */
export function bucket(setting: string, options: Omit<BucketSource, 'kind' | 'setting'> = {}): BucketSource {
  return { kind: 'bucket', setting, ...options };
}
