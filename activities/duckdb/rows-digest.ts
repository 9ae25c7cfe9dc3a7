import { identifier } from './identifiers.ts';
import type { Session } from './session.ts';

export interface RowsDigest {
  readonly rows: number;
  /** 32 hex digits; the same rows in any order give the same digest, a row twice gives another. */
  readonly digest: string;
}

/**
 * An order-independent digest of rows: the sum, modulo 2^128, of an MD5 of each row. A row's text names the length of
 * every value, so that no two different rows share one. It finds accidents, not adversaries.
 */
export async function rowsDigest(session: Session, relation: string, columns: readonly string[]): Promise<RowsDigest> {
  const [row] = await session.rows<{ rows: string; high: string; low: string }>(`
    SELECT count(*) AS rows,
           coalesce(sum(md5_number_upper(${rowText(columns)})::HUGEINT), 0)::VARCHAR AS high,
           coalesce(sum(md5_number_lower(${rowText(columns)})::HUGEINT), 0)::VARCHAR AS low
    FROM ${relation}`);
  const total = (BigInt(row?.high ?? 0) << 64n) + BigInt(row?.low ?? 0);
  return { rows: Number(row?.rows ?? 0), digest: BigInt.asUintN(128, total).toString(16).padStart(32, '0') };
}

/** A row as one text: `4:Ropa` for a value, `-` for NULL. */
export function rowText(columns: readonly string[], qualifier?: string): string {
  const values = columns.map((column) => {
    const text = `CAST(${qualifier ? `${identifier(qualifier)}.` : ''}${identifier(column)} AS VARCHAR)`;
    return `coalesce(length(${text}) || ':' || ${text}, '-')`;
  });
  return `concat_ws(',', ${values.join(', ')})`;
}
