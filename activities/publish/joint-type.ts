/** Digits that the whole numbers of a type may have. */
const DIGITS: Readonly<Record<string, number>> = {
  TINYINT: 3,
  UTINYINT: 3,
  SMALLINT: 5,
  USMALLINT: 5,
  INTEGER: 10,
  UINTEGER: 10,
  BIGINT: 19,
  UBIGINT: 20,
};

/** Signed types, each wider than those before it. */
const SIGNED = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'] as const;

const MOST_DIGITS = 38;

/**
 * The narrowest type that holds every value of two of DuckDB's types, along `integer → bigint → decimal → text`, the one
 * way in which a column that is there may become wider. `undefined`: there is none.
 */
export function jointType(one: string, other: string): string | undefined {
  if (one === other) return one;
  const [a, b] = [numberOf(one), numberOf(other)];
  if (a && b) return jointNumber(a, b);
  const isText = (type: string): boolean => type === 'VARCHAR';
  return (a ?? isText(one)) && (b ?? isText(other)) ? 'VARCHAR' : undefined;
}

interface NumberType {
  readonly name: string;
  /** In front of the point, and behind it. */
  readonly whole: number;
  readonly scale: number;
}

function numberOf(type: string): NumberType | undefined {
  const digits = DIGITS[type];
  if (digits !== undefined) return { name: type, whole: digits, scale: 0 };
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision === undefined) return undefined;
  return { name: 'DECIMAL', whole: Number(precision) - Number(scale), scale: Number(scale) };
}

function jointNumber(a: NumberType, b: NumberType): string {
  const whole = Math.max(a.whole, b.whole);
  const scale = Math.max(a.scale, b.scale);
  const ranks = [a, b].map(({ name }) => SIGNED.findIndex((signed) => signed === name));
  if (ranks.every((rank) => rank >= 0)) return SIGNED[Math.max(...ranks)] ?? 'BIGINT';
  const isInteger = a.name !== 'DECIMAL' && b.name !== 'DECIMAL';
  // An unsigned and a signed one: the least signed one that has more digits than either.
  if (isInteger && whole < 19) return SIGNED.find((name) => (DIGITS[name] ?? 0) > whole) ?? 'BIGINT';
  return whole + scale <= MOST_DIGITS ? `DECIMAL(${whole + scale},${scale})` : 'VARCHAR';
}
