const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `'45s'`, `'10m'`, `'26h'` or `'1d'`; `undefined` when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)(s|m|h|d)$/.exec(text);
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
