import type { Session } from '../duckdb/session.ts';

/** Where records wait: takes them batch by batch, and says of each batch that it is done. */
export interface Intake {
  /** Columns that stand beside the records. */
  readonly beside: readonly string[];
  /**
   * Fills a new table (`source_id, record`, `row_…`) with the next records, those that wait longest first, and returns how many there
   * are. None: those that were taken are all that there were; with `again`, the next call begins anew.
   */
  take(session: Session, table: string, size: number): Promise<number>;
  /** What belongs into the transaction in which a batch is published. */
  publishing?(session: Session, table: string): Promise<void>;
  /** The batch is published: its records no longer wait. Returns of how many that was said. */
  done(session: Session, table: string): Promise<number>;
  /** Begins anew, to find what has come meanwhile at places that were passed. */
  again(): void;
  /** It counts what it processes by files, not by batches. Default: by batches. */
  readonly countsFiles?: boolean;
  /** Lets go of what it holds, once nothing is taken any more. */
  close?(): Promise<void>;
}
