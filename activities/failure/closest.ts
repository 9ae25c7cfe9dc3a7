/** ` Did you mean "sales"?` when one of the names is a likely slip of the one given, else nothing. */
export function closest(given: string, names: readonly string[]): string {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= slips(best.name) ? ` Did you mean "${best.name}"?` : '';
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** How many wrong letters still count as a slip: two, more in long names, fewer in very short ones. */
function slips(name: string): number {
  return Math.min(Math.max(2, Math.floor(name.length / 3)), Math.floor(name.length / 2));
}
