// Makes the sample `large` into a folder: node pipelines/orders/sample/generate.mjs large <folder>
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { writeOrders } from './generator/orders.mjs';
import { writeProducts, writeUsers } from './generator/people-and-things.mjs';
import { seededRandom } from './generator/random.mjs';

/** How much there is of everything. */
const SIZES = { large: { orders: 1_000_000, users: 50_000, products: 2_000 } };

/**
 * The same bytes on every machine and every day.
 *
 * @param {{ orders: number, users: number, products: number }} size
 * @param {string} folder
 */
export function generateSample(size, folder) {
  mkdirSync(folder, { recursive: true });
  writeUsers(join(folder, 'users.csv'), size, seededRandom(20_260_131));
  writeProducts(join(folder, 'products.json'), size, seededRandom(7));
  writeOrders(join(folder, 'orders.jsonl'), size, seededRandom(1_000_000));
}

const [name = '', folder = ''] = argv.slice(2);
const size = SIZES[name];
if (!size || folder === '') {
  console.error(`usage: node generate.mjs <${Object.keys(SIZES).join(' | ')}> <folder>`);
  process.exit(2);
}
generateSample(size, folder);
