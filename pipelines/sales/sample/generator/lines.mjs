/**
 * One record as a CSV line: a value is quoted only where it must be.
 * @param {readonly (string | number)[]} values
 */
export function line(values) {
  return values.map((value) => quoted(String(value))).join(',');
}

/** @param {string} header @param {readonly string[]} lines */
export function file(header, lines) {
  return [header, ...lines, ''].join('\n');
}

/** Cents as a decimal with two digits, without a detour through binary fractions. @param {number} cents */
export function price(cents) {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** `prod007` of 7. @param {string} prefix @param {number} number */
export function code(prefix, number) {
  return `${prefix}${String(number).padStart(3, '0')}`;
}

/** @param {string} text */
function quoted(text) {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
