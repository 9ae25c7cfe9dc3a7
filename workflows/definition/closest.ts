/** ` Did you mean "sales"?` when one of the names is a likely slip of the one given, else nothing. */
export function closest(given: string, names: readonly string[]): string {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= slips(best.name) ? ` Did you mean "${best.name}"?` : '';
}

/** Edits from one word to the other: a letter added, left out or changed, or two neighbours swapped, as fingers do. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(changed, at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, swapped ? at(i - 2, j - 2) + 1 : Infinity);
    }
  }
  return at(a.length, b.length);
}

/** How many wrong letters still count as a slip: two, more in long names, fewer in very short ones. */
function slips(name: string): number {
  return Math.min(Math.max(2, Math.floor(name.length / 3)), Math.floor(name.length / 2));
}
