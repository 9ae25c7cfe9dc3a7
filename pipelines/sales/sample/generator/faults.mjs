import { line } from './lines.mjs';

/**
 * What goes wrong in exports.
 *
 * @typedef {import('./random.mjs').Random} Random
 * @typedef {{ readonly day: number, readonly fields: readonly string[] }} Entry A record as it should be.
 * @typedef {(random: Random, entry: Entry) => string} Fault The line that stands in the file instead.
 */

/** @type {Fault} */
export const doubledLine = (_random, { fields }) => line(fields);

/**
 * Another text in one column.
 * @param {number} column @param {readonly string[]} texts
 * @returns {Fault}
 */
export const wrongText =
  (column, texts) =>
  (random, { fields }) =>
    line(fields.with(column, random.pick(texts)));

/** The export broke off within the line, or left a column out. @type {Fault} */
export const tooFewFields = (random, { fields }) =>
  line(random.pick([fields.slice(0, 2), fields.slice(0, -1), fields.toSpliced(2, 1)]));

/** A thousands separator or a decimal comma that nobody quoted, or one more comma at the end. @type {Fault} */
export const tooManyFields = (random, { fields }) => {
  const last = String(fields.at(-1));
  const withComma = last.includes('.') ? last.replace('.', ',') : `1,${last.padStart(3, '0')}`;
  return random.pick([`${line(fields.slice(0, -1))},${withComma}`, `${line(fields)},`]);
};

/** @param {readonly (readonly [Fault, number])[]} kinds */
export function listed(kinds) {
  return kinds.flatMap(([fault, count]) => Array.from({ length: count }, () => fault));
}

/**
 * The lines of a file: every good entry as it is, a fault in place of every damaged one, and repetitions of some good
 * entries, each right after its original or a little later. The first of several stays, so a repetition costs nothing.
 * @param {Random} random
 * @param {readonly Entry[]} entries in the file's order
 * @param {ReadonlySet<Entry>} damaged as many as `faults`
 * @param {readonly Fault[]} faults
 * @param {readonly Fault[]} repetitions
 */
export function linesWithFaults(random, entries, damaged, faults, repetitions) {
  const faultOf = new Map(random.shuffled(faults).map((fault, index) => [[...damaged][index], fault]));
  const good = entries.filter((entry) => !damaged.has(entry));
  const originals = random.some(good, repetitions.length);
  const repetitionOf = new Map(originals.map((entry, index) => [entry, repetitions[index]]));

  const lines = entries.flatMap((entry, place) => {
    const text = faultOf.get(entry)?.(random, entry) ?? line(entry.fields);
    const repetition = repetitionOf.get(entry)?.(random, entry);
    if (repetition === undefined) return [{ place, text }];
    return [
      { place, text },
      { place: place + random.pick([0, 0, 40]), text: repetition },
    ];
  });
  return lines.sort((one, other) => one.place - other.place).map(({ text }) => text);
}
