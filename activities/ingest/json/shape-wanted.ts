import { type FieldNode, LIST, OBJECT } from '../nested/field-node.ts';

/** What the contract has at a place where something else stands: `items: a list is expected`. */
export function shapeWanted(node: FieldNode): string {
  const wanted = [
    ...((node.known & LIST) !== 0 ? ['a list'] : []),
    ...((node.known & OBJECT) !== 0 ? ['an object'] : []),
  ];
  return `${pathTo(node)}: ${wanted.join(' or ')} is expected`;
}

/** As a contract writes it: `items[].tax`. */
function pathTo({ parent, isEntry, name }: FieldNode): string {
  const above = parent ? pathTo(parent) : '';
  if (isEntry) return parent ? `${above}[]` : '';
  return above === '' ? name : `${above}.${name}`;
}
