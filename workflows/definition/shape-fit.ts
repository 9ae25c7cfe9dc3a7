import type { MappingShape, ShapePaths } from './mapping.ts';

/** Whether records with these paths are of the shape. */
export function fits(paths: ShapePaths, { required, optional = {} }: MappingShape): boolean {
  const isThere = Object.entries(required).every(([path, kinds]) => isOneOf(kinds, paths[path]));
  return isThere && Object.entries(paths).every(([path, kind]) => path in required || mayBe(optional, path, kind));
}

function mayBe(optional: ShapePaths, path: string, kind: string): boolean {
  const kinds = optional[path];
  if (kinds !== undefined) return kind === 'null' || isOneOf(kinds, kind);
  // An object that is null has none of the paths below it.
  return kind === 'null' && Object.keys(optional).some((other) => isBelow(other, path));
}

function isBelow(path: string, parent: string): boolean {
  return path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`);
}

function isOneOf(kinds: string, kind: string | undefined): boolean {
  return kind !== undefined && kinds.split('|').includes(kind);
}

/** Why records with these paths are not of the shape, a sentence each; none: they are. */
export function shapeMisfits(paths: ShapePaths, { required, optional = {} }: MappingShape): string[] {
  const absent = Object.entries(required).flatMap(([path, kinds]) => {
    const kind = paths[path];
    if (kind === undefined) return [`${path} is required, and the records have no such path`];
    return isOneOf(kinds, kind) ? [] : [`${path} is ${kinds} by the mapping, and ${kind} in the records`];
  });
  const others = Object.entries(paths).flatMap(([path, kind]) => {
    if (path in required || mayBe(optional, path, kind)) return [];
    return [`${path} (${kind}) is in the records, and the mapping's shape does not name it so`];
  });
  return [...absent, ...others];
}
