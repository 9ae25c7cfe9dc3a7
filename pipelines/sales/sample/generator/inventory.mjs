import { PRODUCTS } from './catalogue.mjs';
import { dayNumber, spellings, typedDate, UNREADABLE_DATES } from './dates.mjs';
import { doubledLine, linesWithFaults, listed, tooFewFields, tooManyFields, wrongText } from './faults.mjs';
import { code, file, line } from './lines.mjs';

/** @typedef {import('./random.mjs').Random} Random */

const GOOD = 4900;
const WAREHOUSES = ['Madrid', 'Barcelona', 'Valencia', 'Sevilla', 'Bilbao'];
/** Every Monday, up to the last one before the as-of date. */
const FIRST_MONDAY = dayNumber('2023-11-06');
const WEEKS = 100;

const [DATE, STOCK] = [2, 3];

/** The same count again, with its date in another spelling and another result. @type {import('./faults.mjs').Fault} */
const countedTwice = (random, { day, fields }) => {
  const others = spellings(day).filter((spelling) => spelling !== fields[DATE]);
  return line(fields.with(DATE, random.pick(others)).with(STOCK, String(Number(fields[STOCK]) + 1)));
};

/** 100 lines that are read and not loaded: 60 damaged counts, 40 repeated ones. */
const FAULTS = listed([
  [wrongText(DATE, UNREADABLE_DATES), 16],
  [wrongText(STOCK, ['']), 14],
  [wrongText(STOCK, ['agotado', '12.5', 'n/d', '1.200', '20 uds']), 14],
  [tooFewFields, 8],
  [tooManyFields, 8],
]);
const REPETITIONS = listed([
  [doubledLine, 22],
  [countedTwice, 18],
]);

/** `inventario.csv`: one count per week, warehouse and product, less a few that nobody made. @param {Random} random */
export function inventoryFile(random) {
  const weeks = Array.from({ length: WEEKS }, (_, week) => FIRST_MONDAY + 7 * week);
  const counts = weeks.flatMap((day) =>
    WAREHOUSES.flatMap((warehouse) => PRODUCTS.map((_product, index) => ({ day, warehouse, product: index + 1 }))),
  );
  const made = new Set(random.some(counts, GOOD + FAULTS.length));
  const entries = counts
    .filter((count) => made.has(count))
    .map(({ day, warehouse, product }) => ({
      day,
      fields: [code('prod', product), warehouse, typedDate(random, day), String(random.between(0, 250))],
    }));
  const damaged = new Set(random.some(entries, FAULTS.length));
  return file('producto_id,almacen,fecha,stock', linesWithFaults(random, entries, damaged, FAULTS, REPETITIONS));
}
