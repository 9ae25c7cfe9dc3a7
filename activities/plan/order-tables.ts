import { AcequiaError } from '../failure/acequia-error.ts';

/** Puts items behind everything they need. Throws `DefinitionInvalid` when they need each other in a circle. */
export function inOrder<Item extends { readonly name: string }>(
  items: readonly Item[],
  needs: (item: Item) => readonly string[],
  where: string,
): Item[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const ordered: Item[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (item: Item, path: readonly string[]): void => {
    if (state.get(item.name) === 'done') return;
    if (state.get(item.name) === 'open') throw circle([...path.slice(path.indexOf(item.name)), item.name], where);
    state.set(item.name, 'open');
    for (const need of needs(item)) {
      const needed = byName.get(need);
      if (needed) visit(needed, [...path, item.name]);
    }
    state.set(item.name, 'done');
    ordered.push(item);
  };
  for (const item of items) visit(item, []);
  return ordered;
}

function circle(names: readonly string[], where: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `Tables need each other in a circle: ${names.join(' → ')}.`,
    where,
    remedy: 'break the circle: let one of them read what the others are made from',
  });
}
