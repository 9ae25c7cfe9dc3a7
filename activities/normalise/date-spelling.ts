/** Spellings of days and times, by what stands between their parts. */
const DAYS = [
  ...['-', '/', '.'].flatMap((sign) => [`YYYY${sign}MM${sign}DD`, `DD${sign}MM${sign}YYYY`, `MM${sign}DD${sign}YYYY`]),
  'YYYYMMDD',
];
const TIMES = ['', ' HH:mm', ' HH:mm:ss', 'THH:mm', 'THH:mm:ss'];
const FORMATS = DAYS.flatMap((day) => TIMES.map((time) => `${day}${time}`));

const WIDTHS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>[12]\\d{3})',
  MM: '(?<month>0[1-9]|1[0-2])',
  DD: '(?<day>0[1-9]|[12]\\d|3[01])',
  HH: '(?:[01]\\d|2[0-3])',
  mm: '[0-5]\\d',
  ss: '[0-5]\\d',
};

const PATTERNS = FORMATS.map((format) => {
  const pattern = format.replaceAll('.', '\\.').replaceAll(/YYYY|MM|DD|HH|mm|ss/g, (token) => WIDTHS[token] ?? token);
  return { format, pattern: new RegExp(`^${pattern}$`, 'u') };
});

/** As a timestamptz is written without any format. */
const ISO_INSTANT = /^[12]\d{3}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** The one spelling in which all texts are days or instants, as `formats` takes it; `''`: ISO 8601 with a time. */
export function dateSpelling(texts: readonly string[]): { readonly format: string } | 'ambiguous' | undefined {
  if (texts.every((text) => ISO_INSTANT.test(text))) return { format: '' };
  const [first, ...others] = PATTERNS.filter(({ pattern }) => texts.every((text) => pattern.test(text)));
  if (!first) return undefined;
  return others.length === 0 ? { format: first.format } : 'ambiguous';
}

/** Between 2001 and 2100: what else has so many digits is an id as likely. */
const EPOCHS = [
  { unit: 'seconds', pattern: /^[1-4]\d{9}(?:\.\d{1,6})?$/, most: 4_102_444_800 },
  { unit: 'milliseconds', pattern: /^[1-4]\d{12}(?:\.\d{1,3})?$/, most: 4_102_444_800_000 },
] as const;

/** The unit in which all texts count since 1970. */
export function epochUnit(texts: readonly string[]): 'seconds' | 'milliseconds' | undefined {
  return EPOCHS.find(({ pattern, most }) => texts.every((text) => pattern.test(text) && Number(text) < most))?.unit;
}
