const FAMILIES: readonly (readonly [family: string, types: RegExp])[] = [
  ['integer', /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/],
  ['decimal', /^DECIMAL\(/],
  ['float', /^(FLOAT|DOUBLE)$/],
  ['date', /^DATE$/],
  ['timestamp', /^TIMESTAMP(_S|_MS|_NS)?$/],
  ['text', /^(VARCHAR|JSON)$/],
  ['nested', /\[|^(STRUCT|MAP|UNION|VARIANT)\b/],
];

/** Family → those its values may go into, as far as they come back the same. */
const INTO: Readonly<Record<string, readonly string[]>> = {
  integer: ['integer', 'decimal', 'float', 'text'],
  decimal: ['decimal', 'float', 'text'],
  float: ['float', 'text'],
  date: ['timestamp', 'text'],
  timestamp: ['timestamp', 'text'],
  text: ['text'],
  nested: [],
};

/**
 * Whether values of one of DuckDB's types may go into a column of another: whole numbers into decimals, dates into
 * timestamps, everything flat into text; never the other way, and no time gains or loses a zone. Each value must still come back the same.
 */
export function widens(from: string, into: string): boolean {
  return (INTO[familyOf(from)] ?? ['text']).includes(familyOf(into));
}

function familyOf(type: string): string {
  return FAMILIES.find(([, types]) => types.test(type))?.[0] ?? type;
}
