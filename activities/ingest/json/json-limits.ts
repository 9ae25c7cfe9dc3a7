/** What one JSON record may hold at most, so that reading it takes bounded memory. A record beyond is broken. */
export interface JsonLimits {
  /** Objects and lists inside one another. */
  readonly depth: number;
  /** Bytes of one record. */
  readonly recordBytes: number;
}

export const JSON_LIMITS: JsonLimits = { depth: 128, recordBytes: 16 << 20 };
