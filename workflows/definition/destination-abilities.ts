import { BIGQUERY_URL } from './bigquery-url.ts';
import { LOAD_MODES, type DestinationKind, type LoadMode } from './destination.ts';

/** What a kind of destination can do, beyond what each of them can. */
export interface DestinationAbilities {
  readonly modes: readonly LoadMode[];
  /** Rows are put into places of their own by the values of columns (`partitionBy`). */
  readonly partitions: boolean;
  /** A merge leaves a row that is there where it is the later one (`keepLatestBy`), and replaces parts of one thing together (`partOf`). */
  readonly latest: boolean;
  /** It is no path of this machine's disk. */
  readonly remote: boolean;
  /** What a setting holds that leads there. */
  readonly url: string;
}

const EVERY_MODE = {
  modes: LOAD_MODES,
  partitions: false,
  latest: true,
  remote: false,
  url: 'postgresql://user:password@host:5432/database',
};

export const ABILITIES: Readonly<Record<DestinationKind, DestinationAbilities>> = {
  sqlite: EVERY_MODE,
  duckdb: EVERY_MODE,
  postgres: { ...EVERY_MODE, remote: true },
  ducklake: { ...EVERY_MODE, partitions: true },
  parquet: { ...EVERY_MODE, partitions: true },
  bigquery: {
    modes: ['replace', 'append', 'merge'],
    partitions: false,
    latest: false,
    remote: true,
    url: BIGQUERY_URL,
  },
};
