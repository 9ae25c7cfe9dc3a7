import { join } from 'node:path';
import type { Work } from '../../../activities/progress.ts';
import type { PublishedTable, PublishRequest, StagedTable } from '../../../workflows/stages.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { publishAs } from './destinations.ts';

export const CITIES: TablePlan = {
  name: 'cities',
  columns: [
    { name: 'city_id', type: 'BIGINT' },
    { name: 'name', type: 'VARCHAR' },
  ],
  key: ['city_id'],
  references: [],
  indexes: [],
};

const SALES: TablePlan = {
  name: 'sales',
  columns: [
    { name: 'sale_id', type: 'BIGINT' },
    { name: 'city_id', type: 'BIGINT' },
    { name: 'day', type: 'DATE' },
    { name: 'price', type: 'DECIMAL(10,2)' },
    { name: 'exact', type: 'DECIMAL(38,4)' },
    { name: 'note', type: 'VARCHAR' },
  ],
  key: ['sale_id'],
  references: [{ column: 'city_id', table: 'cities', to: 'city_id' }],
  indexes: [['day', 'city_id']],
};

export const cities = "SELECT i::BIGINT AS city_id, 'city ' || i AS name FROM range(1, 4) t(i)";
export const sales = (price = '12.30') =>
  `SELECT i::BIGINT AS sale_id, (i % 4)::BIGINT AS city_id, DATE '2025-03-07' AS day, ${price}::DECIMAL(10,2) AS price,
          12345678901234567890.1234::DECIMAL(38,4) AS exact, CASE WHEN i % 2 = 0 THEN '' END AS note FROM range(1, 101) t(i)`;

interface Shop {
  readonly folder: string;
  readonly path: string;
  readonly publish: (
    run: string,
    tables: readonly StagedTable[],
    more?: Partial<PublishRequest>,
    work?: Work,
  ) => Promise<PublishedTable[]>;
}

/** A shop whose two tables are published to a database of its own, as the stage does it. */
export async function shop(): Promise<Shop> {
  const folder = await temporaryFolder();
  const path = join(folder, 'out', 'shop.db');
  const publish = (
    run: string,
    tables: readonly StagedTable[],
    more: Partial<PublishRequest> = {},
    work: Work = quietWork(),
  ) => publishAs({ folder, kind: 'sqlite', path: 'out/shop.db' }, run, [CITIES, SALES], tables, more, work);
  return { folder, path, publish };
}

/** Work that is cancelled the moment it reports this step. */
export function cancelledAt(step: string): Work {
  const cancel = new AbortController();
  return {
    signal: cancel.signal,
    report: (progress) => {
      if (progress.step === step) cancel.abort(new Error('cancelled'));
    },
  };
}

/** `[name, rows, inserted, updated, unchanged, removed]` */
export const counts = (tables: readonly PublishedTable[]) =>
  tables.map(({ name, rows, inserted, updated, unchanged, removed }) => [
    name,
    rows,
    inserted,
    updated,
    unchanged,
    removed,
  ]);
