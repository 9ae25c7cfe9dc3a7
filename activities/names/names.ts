import { normalName, numbered } from './normal-name.ts';

/** A column's name in tables, and what it was called where it came from. */
export interface NamedColumn {
  readonly name: string;
  readonly original: string;
  /** Why the two differ, for people; absent where they do not. */
  readonly why?: string;
}

/**
 * Names for a file's columns, in its order: in snake case (`normalName`), different without regard to case, `column_3` for
 * the third where nothing else is left. Of those that come out the same, one that was spelled so in the file keeps the
 * name, else the first; the others get `_2`, `_3`, … that no other has. `taken`: names that are not free. Names that it
 * returned come out as they are.
 */
export function columnNames(originals: readonly string[], taken: readonly string[] = []): NamedColumn[] {
  const wanted = originals.map((original, index) => normalName(original) || `column_${index + 1}`);
  const used = new Set(taken.map((name) => name.toLowerCase()));
  const named = new Map<number, string>();
  const holders = new Map<string, number>();
  const claim = (index: number, name: string): void => {
    if (named.has(index) || used.has(name)) return;
    used.add(name);
    named.set(index, name);
    holders.set(name, index);
  };
  wanted.forEach((name, index) => {
    if (name === originals[index]) claim(index, name);
  });
  wanted.forEach((name, index) => claim(index, name));
  return originals.map((original, index) => {
    const base = wanted[index] ?? '';
    for (let number = 2; !named.has(index); number += 1) claim(index, numbered(base, number));
    const name = named.get(index) ?? base;
    if (name === original) return { name, original };
    const holder = holders.get(base);
    const clash = holder === undefined ? `${base} is taken` : `column ${holder + 1} is ${base} already`;
    return { name, original, why: name === base ? changed(original) : clash };
  });
}

/** A table's name for a file's stem, by the same rules; `table` where nothing else is left. */
export function tableName(stem: string): string {
  return normalName(stem) || 'table';
}

/**
 * Where each of the contract's columns stands in a header: by its exact name, else by the name that `columnNames` gives
 * that field, else by names that normalise to the same. `undefined` where it is missing, or where two could be meant.
 */
export function matchColumns(contract: readonly string[], header: readonly string[]): (number | undefined)[] {
  const positions = contract.map((): number | undefined => undefined);
  const match = (wanted: readonly string[], found: readonly string[]): void => {
    const free = (index: number): boolean => !positions.includes(index);
    const candidates = wanted.map((name, column) =>
      positions[column] !== undefined || name === ''
        ? []
        : found.flatMap((other, index) => (other === name && free(index) ? [index] : [])),
    );
    candidates.forEach(([index, ...more], column) => {
      const rivals = candidates.filter((others) => index !== undefined && others.includes(index));
      if (index !== undefined && more.length === 0 && rivals.length === 1) positions[column] = index;
    });
  };
  match(contract, header);
  // Fields whose names mean the same are told apart only by a contract that knows of all of them.
  const meanings = header.map(normalName);
  const own = columnNames(header);
  const told = (index: number): boolean => positions.includes(index) || contract.includes(own[index]?.name ?? '');
  const clear = meanings.map(
    (meaning) => meaning === '' || meanings.every((other, index) => other !== meaning || told(index)),
  );
  match(
    contract,
    own.map(({ name }, index) => (clear[index] ? name : '')),
  );
  match(contract.map(normalName), meanings);
  return positions;
}

function changed(original: string): string {
  if (original.trim() === '') return 'it has no name';
  const name = normalName(original);
  if (name === '') return 'nothing in its name is a letter or a digit';
  if (original.startsWith('_') && name === original.slice(1)) return 'names that begin with _ are kept for provenance';
  if (Buffer.byteLength(original) > Buffer.byteLength(name) && Buffer.byteLength(name) === 63)
    return 'longer than 63 bytes';
  return 'written in snake case';
}
