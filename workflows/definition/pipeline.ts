import type { CheckDefinition } from './check.ts';
import type { DestinationDefinition, FileDestination, WrittenDestination } from './destination.ts';
import type { DrainDefinition } from './drain.ts';
import type { MetricDefinition } from './metric.ts';
import type { UploadDefinition } from './upload.ts';
import type { SourceDefinition, WrittenSource } from './source.ts';

/** A model: a table, made by one file `models/<name>.sql` or taken over from a source, and what is promised of it. */
export interface ModelDefinition<To = DestinationDefinition> {
  /**
   * `source.<table>`: the table is that one as it was staged, with the columns that it has, also new ones; there is no SQL
   * then. Default: `models/<name>.sql` makes it.
   */
  readonly from?: string;
  /** The columns that identify a row: primary key at the destination, never NULL, never twice. */
  readonly key: readonly string[];
  /** The source of which this table holds exactly one row per staged row: no row lost to a join, none doubled. */
  readonly onePer?: string;
  /** Column → `table.column` it refers to: a foreign key at the destination. */
  readonly references?: Readonly<Record<string, string>>;
  /** Further indexes at the destination, each a list of columns. */
  readonly indexes?: readonly (readonly string[])[];
  readonly checks?: readonly CheckDefinition[];
  /**
   * Rows of one key in one batch: the one with the greatest values of these columns stays, NULL being the least; of equal
   * ones the one that sorts last. The others are counted as deduplicated. Default: a key that repeats blocks the run.
   * With `merge` it also decides between a row of the load and one that is there: an older one is left aside, as outdated.
   */
  readonly keepLatestBy?: readonly string[];
  /**
   * Columns whose values several rows share that are parts of one thing, such as the items of an order: they come and go
   * together. `keepLatestBy` then decides between the things, and `merge` puts all parts of one in the place of all parts that
   * are there. Part of the key. Default: every row is a thing of its own.
   */
  readonly partOf?: readonly string[];
  /**
   * The column that says when a row was new or last changed: `--since` leaves the rows before it out, counted as filtered.
   * A row that does not say it stays. Default: `--since` leaves nothing of this table out.
   */
  readonly since?: string;
  /** The share of rows that a `remedy` may put into quarantine before the run stops without publishing. Default `'1%'`. */
  readonly badRows?: { readonly failAbove: string };
  /** Where the table is published. A model without a destination is a step on the way. */
  readonly publish?: readonly To[];
}

/** A read-only question to a published database, served by the API at `/<name>`; its SQL is `views/<name>.sql`. */
export interface ViewDefinition {
  readonly from: FileDestination;
  /** `rows`: an array of objects. `object`: the first column's values are the keys, the second's the values. Default `rows`. */
  readonly as?: 'rows' | 'object';
  readonly summary?: string;
}

/** A pipeline. Pure data: importing it does no I/O and reads no secret. `To`: where its tables may go; `From`: what it may read. */
export interface PipelineDefinition<To = DestinationDefinition, From = SourceDefinition> {
  /** One sentence for people. */
  readonly summary: string;
  /** The setting (environment variable) that names the folder of the source files, or a place in a bucket (`s3://bucket/folder/`). Without it `local` and `dev` read `sample/`. Only where there are sources of files. */
  readonly inbox?: string;
  /**
   * What holds while the sample is read: its as-of date; its rows may be of any age. `made`: further samples, which
   * `sample/generate.mjs` makes when `--sample <name>` first asks for them. `databases`: setting → the SQL file in `sample/`
   * that fills a database of its own, which `local` and `dev` read where the setting is not set.
   */
  readonly sample?: {
    readonly asOf: string;
    readonly made?: readonly string[];
    readonly databases?: Readonly<Record<string, string>>;
  };
  /**
   * Whether a source that cannot be read stops the run before anything is published, or costs the tables that are made of it;
   * then the others are published, and the run has failed all the same. Default `stop`.
   */
  readonly failedSources?: 'stop' | 'go-on';
  /** The zone (`Europe/Madrid`) of instants that are written without one. Default: such a text is no instant. */
  readonly timezone?: string;
  readonly sources: Readonly<Record<string, From>>;
  readonly models: Readonly<Record<string, ModelDefinition<To>>>;
  readonly views?: Readonly<Record<string, ViewDefinition>>;
  /** Instead of sources and models: records that wait somewhere are taken batch by batch. */
  readonly drain?: DrainDefinition;
  /** What goes to a bucket once a run has published, where a setting names one. Default: nothing. */
  readonly upload?: UploadDefinition;
  /** Counts of a run, written as `metrics.json` into the output folder once it has published. Default: no such file. */
  readonly metrics?: Readonly<Record<string, MetricDefinition>>;
}

/** A pipeline as it is written: what depends on the environment is not decided yet. */
export type WrittenPipeline = PipelineDefinition<WrittenDestination, WrittenSource>;

export function definePipeline(definition: WrittenPipeline): WrittenPipeline {
  return definition;
}
