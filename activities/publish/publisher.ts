import type { Positions } from '../../workflows/database.ts';
import type { DestinationPlace, TablePlan } from '../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../workflows/stages.ts';
import type { Session } from '../duckdb/session.ts';
import type { Work } from '../progress.ts';
import type { LoadRecord } from './database/ledger-row.ts';
import type { ThereColumn } from './fit-columns.ts';
import type { ColumnMapping } from './staged-load.ts';

/** The settings of the worker, in which connections are looked up. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where something is read, and with what. */
export interface Reading {
  /** Keeps its own tables as its default. */
  readonly session: Session;
  readonly place: DestinationPlace;
  readonly variables: Variables;
  readonly work: Work;
}

/** What can be done with a kind of destination. One folder each implements it. */
export interface Publisher {
  /** Makes the tables of a run visible there, once, with the ledger. Safe to run twice and to kill anywhere. */
  publish(request: PublishRequest, work: Work, variables: Variables): Promise<PublishedTable[]>;
  /** How far tables have come, as the ledger says: none for one that is not there. */
  positions(reading: Reading, tables: readonly string[]): Promise<Positions>;
  /** Tables as they stand there, by name: those that are there. */
  standing(reading: Reading, tables: readonly string[]): Promise<Map<string, StandingTable>>;
  /** A published table as a reader finds it. */
  published(reading: Reading, table: TablePlan): Promise<PublishedRows>;
  /** Words for what went wrong there; anything else comes back as it was. */
  problem(error: unknown, place: string): unknown;
}

/** A table as it stands at its destination. */
export interface StandingTable {
  /** As SQL of the session reads it. */
  readonly relation: string;
  readonly columns: readonly string[];
}

/** A published table as a reader finds it. */
export interface PublishedRows {
  /** As SQL reads it; absent where there is no such table. */
  readonly relation?: string;
  readonly columns: readonly ThereColumn[];
  /** The loads that its ledger knows, in their order. */
  readonly loads: readonly LoadRecord[];
  readonly mapping: ColumnMapping;
  /** Files of the table that somebody else has written. */
  readonly foreign: readonly string[];
}
