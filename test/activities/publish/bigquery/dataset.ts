import { publishTables } from '../../../../activities/publish/publish-tables.ts';
import type { Work } from '../../../../activities/progress.ts';
import type { TablePlan } from '../../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../../../workflows/stages.ts';
import { stage } from '../../../support/staged.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';
import { requestOf } from '../destinations.ts';

/** A server that speaks BigQuery's protocol. */
export interface Server {
  readonly environment: Readonly<Record<string, string>>;
  makeDataset(name: string): Promise<string>;
}

let datasets = 0;

/** A dataset of its own, and publishing to it one load after another. */
export async function dataset(server: Server) {
  const folder = await temporaryFolder();
  const name = `shop_${(datasets += 1)}`;
  const url = await server.makeDataset(name);
  const variables = { ...server.environment, WAREHOUSE_DATASET: url };
  let runs = 0;
  const request = async (
    plan: TablePlan,
    query: string,
    more: Partial<PublishRequest> = {},
  ): Promise<PublishRequest> => {
    const run = `run-${(runs += 1)}`;
    const place = {
      kind: 'bigquery',
      path: 'bigquery:WAREHOUSE_DATASET',
      server: { setting: 'WAREHOUSE_DATASET' },
    } as const;
    return {
      ...requestOf(folder, run),
      requestedAt: new Date(Date.UTC(2026, 0, runs)).toISOString(),
      destination: { name: 'warehouse', ...place, tables: [plan] },
      tables: [await stage(folder, plan.name, query)],
      ...more,
    };
  };
  const publish = async (asked: PublishRequest, work: Work = quietWork()): Promise<PublishedTable[]> =>
    publishTables(asked, work, { variables });
  const load = async (plan: TablePlan, query: string, more: Partial<PublishRequest> = {}): Promise<PublishedTable[]> =>
    publish(await request(plan, query, more));
  return { folder, name, url, variables, request, publish, load };
}
