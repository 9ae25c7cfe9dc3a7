/**
 * A second, independent reading of the sample: a few plain lines that share no code with the loader, so that the figures
 * are counted twice. Knows only what the sample needs: comma, double quotes, no line ends inside values.
 */

/** A value as text in its type's own spelling, `null` for an empty one, `undefined` for one that cannot be read. */
type Reader = (text: string) => string | null | undefined;

export interface Contract {
  readonly readers: Readonly<Record<string, Reader>>;
  readonly key: readonly string[];
}

export interface Refused {
  /** 1-based, as an editor counts. */
  readonly line: number;
  readonly reason: string;
}

export interface Count {
  readonly read: number;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  readonly refused: readonly Refused[];
}

export function plainCount(text: string, { readers, key }: Contract): Count {
  const [header = '', ...lines] = text.replace(/\n$/, '').split('\n');
  const names = header.split(',');
  if (names.join() !== Object.keys(readers).join()) throw new Error(`another header: ${header}`);
  const rows: Record<string, string | null>[] = [];
  const refused: Refused[] = [];
  const seen = new Set<string>();
  lines.forEach((line, index) => {
    const result = readLine(line, names, readers);
    const reason = typeof result === 'string' ? result : undefined;
    const id = typeof result === 'string' ? '' : key.map((name) => result[name]).join('|');
    if (reason !== undefined) refused.push({ line: index + 2, reason });
    else if (seen.has(id)) refused.push({ line: index + 2, reason: 'repeats a key' });
    else if (typeof result !== 'string') {
      seen.add(id);
      rows.push(result);
    }
  });
  return { read: lines.length, rows, refused };
}

/** The row, or what is wrong with it. */
function readLine(
  line: string,
  names: readonly string[],
  readers: Contract['readers'],
): Record<string, string | null> | string {
  const fields = split(line);
  if (fields.length < names.length) return 'too few fields';
  if (fields.length > names.length) return 'too many fields';
  const row: Record<string, string | null> = {};
  for (const [index, name] of names.entries()) {
    const value = readers[name]?.(fields[index] ?? '');
    if (value === undefined) return fields[index] === '' ? `${name} is empty` : `${name} cannot be read`;
    row[name] = value;
  }
  return row;
}

function split(line: string): string[] {
  const fields = line.match(/(?<=^|,)("(?:[^"]|"")*"|[^,"]*)(?=,|$)/g) ?? [];
  return fields.map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field));
}

const MONTHS = 'ene feb mar abr may jun jul ago sep oct nov dic'.split(' ');

export const required = {
  text: (text: string) => (text === '' ? undefined : text),
  integer: (text: string) => (/^(0|-?[1-9]\d*)$/.test(text) ? text : undefined),
  money: (text: string) => (/^\d+\.\d\d$/.test(text) ? text : undefined),
  code: (prefix: string) => (text: string) => {
    const digits = text.startsWith(prefix) ? text.slice(prefix.length) : '';
    return /^\d+$/.test(digits) ? String(Number(digits)) : undefined;
  },
  /** `YYYY-MM-DD` of any of the five spellings, if the calendar has such a day. */
  date: (text: string) => {
    const match =
      /^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/.exec(text) ??
      /^(?<y>\d{4})\/(?<m>\d\d)\/(?<d>\d\d)$/.exec(text) ??
      /^(?<d>\d\d)\/(?<m>\d\d)\/(?<y>\d{4})$/.exec(text) ??
      /^(?<d>\d\d)-(?<m>\d\d)-(?<y>\d{4})$/.exec(text) ??
      /^(?<d>[1-9]\d?) (?<m>[a-z]{3}) (?<y>\d{4})$/.exec(text);
    const { y = '', m = '', d = '' } = match?.groups ?? {};
    const month = MONTHS.includes(m) ? MONTHS.indexOf(m) + 1 : Number(m);
    const iso = `${y}-${String(month).padStart(2, '0')}-${d.padStart(2, '0')}`;
    const day = new Date(`${iso}T00:00:00Z`);
    return match && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? iso : undefined;
  },
} as const;

/** An empty value is NULL. */
export function optional(reader: Reader): Reader {
  return (text) => (text === '' ? null : reader(text));
}
