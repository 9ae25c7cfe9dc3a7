import { identifier, identifiers } from './identifiers.ts';
import type { Session } from './session.ts';

export interface RowsDigest {
  readonly rows: number;
  /** 32 hex digits; the same rows in any order give the same digest, a row twice gives another. */
  readonly digest: string;
}

/**
 * An order-independent digest of rows: two sums, each modulo 2^64, of hashes of each row. It finds accidents, not
 * adversaries. It is DuckDB's own hash, thirty times as fast as a digest of text, and may differ in another version
 * of DuckDB: what must be recognised later has a `stableDigest`.
 */
export async function rowsDigest(session: Session, relation: string, columns: readonly string[]): Promise<RowsDigest> {
  const [first, second] = rowHashes(columns);
  return digestOf(session, relation, first, second);
}

/** A digest that stays the same in every version: of an MD5 of each row's text. */
export async function stableDigest(
  session: Session,
  relation: string,
  columns: readonly string[],
): Promise<RowsDigest> {
  // What `md5_number_upper` and `md5_number_lower` give, which go by way of bit strings as text and take twice as long.
  const number = `md5_number(${rowText(columns)})`;
  return digestOf(session, relation, `(${number} & 18446744073709551615::UHUGEINT)`, `(${number} >> 64)`);
}

/** Two hashes of a row that share little: what one takes for the same, the other tells apart. */
export function rowHashes(columns: readonly string[]): [string, string] {
  return [`hash(${identifiers(columns)})`, `hash('', ${identifiers(columns)})`];
}

/** What is left of a digest when rows are taken away from it: `minus(whole, part)` is the digest of the others. */
export function minus(whole: RowsDigest, part: RowsDigest): RowsDigest {
  return combined(whole, part, (a, b) => a - b, whole.rows - part.rows);
}

/** The digest of the rows of both. */
export function plus(one: RowsDigest, other: RowsDigest): RowsDigest {
  return combined(one, other, (a, b) => a + b, one.rows + other.rows);
}

function combined(one: RowsDigest, other: RowsDigest, add: (a: bigint, b: bigint) => bigint, rows: number): RowsDigest {
  const [high = 0n, low = 0n] = [0, 16].map((at) => {
    const [a = 0n, b = 0n] = [one, other].map(({ digest }) => BigInt(`0x${digest.slice(at, at + 16)}`));
    return add(a, b);
  });
  return { rows, digest: hex(high, low) };
}

async function digestOf(session: Session, relation: string, first: string, second: string): Promise<RowsDigest> {
  const [row] = await session.rows<{ rows: string; high: string; low: string }>(`
    SELECT count(*) AS rows,
           coalesce(sum(${first}::HUGEINT), 0)::VARCHAR AS high,
           coalesce(sum(${second}::HUGEINT), 0)::VARCHAR AS low
    FROM ${relation}`);
  return { rows: Number(row?.rows ?? 0), digest: hex(BigInt(row?.high ?? 0), BigInt(row?.low ?? 0)) };
}

function hex(high: bigint, low: bigint): string {
  return [high, low].map((sum) => BigInt.asUintN(64, sum).toString(16).padStart(16, '0')).join('');
}

/** A row as one text, which names the length of every value, so that no two rows share one: `4:Ropa`, `-` for NULL. */
function rowText(columns: readonly string[]): string {
  const values = columns.map((column) => {
    const text = `CAST(${identifier(column)} AS VARCHAR)`;
    return `coalesce(length(${text}) || ':' || ${text}, '-')`;
  });
  return `concat_ws(',', ${values.join(', ')})`;
}
