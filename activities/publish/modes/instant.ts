/** An instant as SQL text that every engine takes and gives back alike: `2026-01-31 09:30:00.123+00`. */
export function instantText(iso: string): string {
  return new Date(iso)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '+00');
}
