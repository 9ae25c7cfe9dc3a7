/** Plain digits up to so many zeros; beyond, an exponent reads better. */
const MOST_ZEROS = 30;

/**
 * A stored number as text. Whole numbers stay as they are stored. Others become the shortest decimal text that means the
 * same double, as workbooks hold doubles and write `1.1000000000000001` for 1.1; with more digits than a double can have
 * they stay as stored. Nothing: no number.
 */
export function numberText(stored: string): string | undefined {
  if (/^(0|-?[1-9][0-9]*)$/.test(stored)) return stored;
  if (!/^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$/.test(stored)) return undefined;
  const digits = stored
    .replace(/[eE].*$/, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '');
  if (digits.length > 17) return stored;
  const number = Number(stored);
  if (!Number.isFinite(number)) return stored;
  return number === 0 ? '0' : plain(String(number));
}

/** `1e+21` and `1.5e-7` as plain digits. */
function plain(text: string): string {
  const match = /^(-?)([0-9])(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
  const shift = Number(exponent);
  if (Math.abs(shift) > MOST_ZEROS) return text;
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`;
  const digits = (whole + fraction).padEnd(shift + 1, '0');
  const rest = digits.slice(shift + 1);
  return `${sign}${digits.slice(0, shift + 1)}${rest === '' ? '' : `.${rest}`}`;
}
