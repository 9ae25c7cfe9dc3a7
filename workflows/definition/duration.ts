const UNIT_MS = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
} as const;

/** Milliseconds of `'45s'`, `'10m'`, `'26h'`, `'1d'`, `'2w'` or `'1y'` (365 days); `undefined` when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)([smhdwy])$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** A share from 0 to 1 of `'5%'` or `'0.5%'`; `undefined` when the text is no percentage up to 100. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (!match) return undefined;
  const share = Number(match[1]) / 100;
  return share <= 1 ? share : undefined;
}

/** A share from 0 to 1 as `parseShare` reads it: `'10%'`. */
export function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(15))}%`;
}
