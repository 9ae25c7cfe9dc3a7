import { CUSTOMER_COUNT, PRODUCTS, UNLISTED_PRODUCT } from './catalogue.mjs';
import { dayNumber, typedDate, UNREADABLE_DATES } from './dates.mjs';
import { doubledLine, linesWithFaults, listed, tooFewFields, tooManyFields, wrongText } from './faults.mjs';
import { code, file, line, price } from './lines.mjs';

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {{ day: number, customer: number, product: number, quantity: number, cents: number }} Sale */

/** The figures of the sales that can be loaded. */
const GOOD = 5407;
const AFTER_AS_OF = 1479;
const RETURNS = 23;
const BY_UNKNOWN_CUSTOMERS = 164;
const UNITS = { Electronicos: 2957, Ropa: 3042, Accesorios: 2942, Almacenamiento: 988 };

const FIRST_DAY = dayNumber('2024-01-01');
const AS_OF = dayNumber('2025-09-30');
const LAST_DAY = dayNumber('2026-05-31');
const UNKNOWN_CUSTOMERS = [21, 22, 25, 31];

const [DATE, QUANTITY] = [1, 4];

/** Somebody corrected the quantity, and both versions were exported. @type {import('./faults.mjs').Fault} */
const sameIdOtherContent = (_random, { fields }) => line(fields.with(QUANTITY, String(Number(fields[QUANTITY]) + 1)));

/** 93 lines that are read and not loaded: 66 damaged sales, 27 repeated ones. */
const FAULTS = listed([
  [wrongText(DATE, UNREADABLE_DATES), 22],
  [wrongText(QUANTITY, ['']), 13],
  [wrongText(QUANTITY, ['dos', '3.5', '2 uds', 'x1', '1.0', 'N/A']), 12],
  [tooFewFields, 10],
  [tooManyFields, 9],
]);
const REPETITIONS = listed([
  [doubledLine, 15],
  [sameIdOtherContent, 12],
]);

/** `ventas.csv`, by date, ids in the file's order. @param {Random} random */
export function salesFile(random) {
  const good = goodSales(random);
  const spoilt = FAULTS.map(() => drawSale(random, FIRST_DAY, LAST_DAY));
  const inOrder = [...good, ...spoilt].sort((one, other) => one.day - other.day);
  const entries = inOrder.map((sale, index) => ({ day: sale.day, fields: fieldsOf(random, index + 1, sale) }));
  const damaged = new Set(entries.filter((_entry, index) => spoilt.includes(inOrder[index])));
  return file(
    'venta_id,fecha,cliente_id,producto_id,cantidad,precio_unitario',
    linesWithFaults(random, entries, damaged, FAULTS, REPETITIONS),
  );
}

/** The figures come out by construction: of each kind exactly so many, then quantities adjusted. @param {Random} random */
function goodSales(random) {
  const sales = Array.from({ length: GOOD }, (_, index) =>
    index < AFTER_AS_OF ? drawSale(random, AS_OF + 1, LAST_DAY) : drawSale(random, FIRST_DAY, AS_OF),
  );
  for (const sale of random.some(sales, BY_UNKNOWN_CUSTOMERS)) sale.customer = random.pick(UNKNOWN_CUSTOMERS);
  for (const sale of random.some(sales, RETURNS)) sale.quantity = 0;
  for (const [category, units] of Object.entries(UNITS)) {
    const sold = sales.filter((sale) => PRODUCTS[sale.product - 1]?.category === category);
    adjustQuantities(random.shuffled(sold), units);
  }
  return sales;
}

/**
 * Moves quantities by one, sale after sale, within 1 to 3, until they add up. Returns stay returns.
 * @param {readonly Sale[]} sales @param {number} units
 */
function adjustQuantities(sales, units) {
  let missing = units - sales.reduce((sum, sale) => sum + sale.quantity, 0);
  for (const sale of sales) {
    const step = Math.sign(missing);
    const quantity = sale.quantity + step;
    if (sale.quantity === 0 || quantity < 1 || quantity > 3) continue;
    sale.quantity = quantity;
    missing -= step;
  }
  if (missing !== 0) throw new Error(`${missing} units found no place: choose another seed.`);
}

/** @param {Random} random @param {number} from @param {number} to @returns {Sale} */
function drawSale(random, from, to) {
  const product = random.between(1, UNLISTED_PRODUCT.number);
  const listPrice = (PRODUCTS[product - 1] ?? UNLISTED_PRODUCT).cents;
  const discount = random.pick([0, 0, 0, 0, 0, 0, 0, 5, 10, 20]);
  return {
    day: random.between(from, to),
    customer: random.between(1, CUSTOMER_COUNT),
    product,
    quantity: random.between(1, 3),
    cents: Math.round((listPrice * (100 - discount)) / 100),
  };
}

/** @param {Random} random @param {number} id @param {Sale} sale */
function fieldsOf(random, id, { day, customer, product, quantity, cents }) {
  return [
    String(id),
    typedDate(random, day),
    code('cli', customer),
    code('prod', product),
    String(quantity),
    price(cents),
  ];
}
