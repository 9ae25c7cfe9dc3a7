import { makePlan } from '../../../activities/plan/make-plan.ts';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import { writePipeline } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

export const STARTED = '2026-02-03T23:30:00.000Z';

export const SHOP = {
  'pipeline.ts': `
    import { check, csv, definePipeline, sqlite } from 'acequia';
    const shop = sqlite('shop.db');
    export default definePipeline({
      summary: 'A shop', inbox: 'SHOP_INBOX', sample: { asOf: '2025-01-31' },
      sources: { orders: csv('orders.csv', { columns: { id: 'integer!', day: 'date!', price: 'decimal(9,2)' }, freshWithin: '1d' }) },
      models: {
        daily: { key: ['day'], publish: [shop] },
        orders: { key: ['id'], onePer: 'orders', references: { day: 'daily.day' }, publish: [shop],
                  checks: [check.that('price >= 0'), check.references('day')] },
      },
    });`,
  'models/orders.sql': 'SELECT id, day, price FROM source.orders;',
  'models/daily.sql': 'WITH o AS (FROM source.orders)\nSELECT day, sum(price) AS total FROM o GROUP BY day',
};

/** The plan of that shop, with some of its files otherwise. */
export async function plan(
  files: Partial<typeof SHOP> & Record<string, string> = {},
  options: RunOptions = {},
  variables: Record<string, string> = {},
) {
  const settings = await writePipeline(await temporaryFolder(), 'shop', { ...SHOP, ...files });
  return makePlan('shop', options, STARTED, { ...settings, variables }, quietWork());
}
