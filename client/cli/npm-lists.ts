/**
 * Where the second of two lists begins in a row of names that lost its flags: at the first name that repeats, because
 * the second list is a part of the first. `undefined` where no name repeats, or the rest is no part of the first list.
 */
export function splitLists(names: readonly string[]): readonly [readonly string[], readonly string[]] | undefined {
  const start = names.findIndex((name, index) => names.indexOf(name) < index);
  if (start < 0) return undefined;
  const first = names.slice(0, start);
  const second = names.slice(start);
  const isPart = second.every((name) => first.includes(name)) && new Set(second).size === second.length;
  return isPart ? [first, second] : undefined;
}
