import { writeFile } from './line-writer.mjs';

/** Of a thousand records, how many are not as they should be. */
const FAULTS = 3;
/** And how many are a later version of an order of before. */
const VERSIONS = 10;

const JANUARY = Date.UTC(2026, 0, 1);
const MONTH_MS = 31 * 86_400_000;

/**
 * Orders of January 2026 with three items each. Dates are written in several ways; some orders come again, changed; a few
 * cannot be taken.
 *
 * @param {string} path
 * @param {{ orders: number, users: number, products: number }} size
 * @param {() => number} random
 */
export function writeOrders(path, { orders, users, products }, random) {
  writeFile(path, (put) => {
    for (let i = 1; i <= orders; i += 1) {
      const luck = random() * 1_000;
      const again = luck >= FAULTS && luck < FAULTS + VERSIONS && i > 1;
      const number = again ? 1 + Math.floor(random() * (i - 1)) : i;
      const created = JANUARY + Math.floor(random() * MONTH_MS);
      const items = Array.from({ length: 3 }, () => item(products, random));
      const order = {
        order_id: `o-${number}`,
        user_id: `u-${1 + Math.floor(random() * users)}`,
        created_at: instantText(created, i),
        ...(again ? { updated_at: new Date(created + 86_400_000).toISOString() } : {}),
        items,
      };
      put(`${luck < FAULTS ? spoilt(order, Math.floor(luck * 3)) : JSON.stringify(order)}\n`);
    }
  });
}

/**
 * @param {number} products
 * @param {() => number} random
 */
function item(products, random) {
  return {
    sku: `P-${1 + Math.floor(random() * products)}`,
    qty: 1 + Math.floor(random() * 5),
    price: Math.round(random() * 10_000) / 100,
  };
}

/**
 * With an offset, most of the time; else as people write it.
 *
 * @param {number} instant
 * @param {number} index
 */
function instantText(instant, index) {
  const iso = new Date(instant).toISOString();
  if (index % 10 === 0) return iso.slice(0, 19);
  if (index % 25 === 1) return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 16)}`;
  return index % 3 === 0 ? iso.replace('Z', '+00:00') : iso;
}

/**
 * @param {Record<string, unknown> & { items: { qty: number }[] }} order
 * @param {number} kind
 */
function spoilt(order, kind) {
  switch (kind) {
    case 0:
      return JSON.stringify({ ...order, order_id: undefined });
    case 1:
      return JSON.stringify({ ...order, created_at: 'soon' });
    case 2:
      return JSON.stringify({ ...order, user_id: 'nobody' });
    case 3:
      return JSON.stringify({ ...order, items: order.items.map((one) => ({ ...one, qty: -one.qty })) });
    case 4:
      return JSON.stringify({ ...order, items: 'none' });
    case 5:
      return '42';
    case 6:
      return '{"order_id":"o-1","user_id":';
    default:
      return JSON.stringify({ ...order, items: [{ sku: 'P-1', qty: 1, price: 'dear' }] });
  }
}
