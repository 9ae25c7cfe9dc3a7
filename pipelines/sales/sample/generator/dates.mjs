/** Days as whole numbers since 1970-01-01 (UTC), and the ways in which people write them. */

/** @typedef {import('./random.mjs').Random} Random */

const DAY_MS = 86_400_000;
const MONTHS = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'];

/** @param {string} iso `YYYY-MM-DD` */
export function dayNumber(iso) {
  return Date.parse(`${iso}T00:00:00Z`) / DAY_MS;
}

/** One text per spelling the pipeline accepts, ISO first. @param {number} day */
export function spellings(day) {
  const [year, month, date] = new Date(day * DAY_MS).toISOString().slice(0, 10).split('-');
  return [
    `${year}-${month}-${date}`,
    `${date}/${month}/${year}`,
    `${date}-${month}-${year}`,
    `${year}/${month}/${date}`,
    `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`,
  ];
}

/** Half the dates are ISO, the rest are mixed. @param {Random} random @param {number} day */
export function typedDate(random, day) {
  const [iso, ...others] = spellings(day);
  return random.between(0, 1) === 0 ? iso : random.pick(others);
}

/** What stands in date columns and is no date. The last one puts the month first. */
export const UNREADABLE_DATES = [
  '31/02/2025',
  'pendiente',
  '2025-13-01',
  '30 feb 2024',
  '00/00/0000',
  '2024-06-31',
  '45748',
  '09/25/2025',
];
