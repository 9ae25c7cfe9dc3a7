import type { Mapping } from '../../workflows/definition/index.ts';
import { fits, shapeMisfits } from '../../workflows/definition/shape-fit.ts';
import { mappingsFor } from '../normalise/find-mapping.ts';
import type { Shape } from '../normalise/shape.ts';

/** Those in force once a mapping is: of each id one. */
export function withMapping(mappings: readonly Mapping[], mapping: Mapping): Mapping[] {
  return [...mappings.filter(({ id }) => id !== mapping.id), mapping];
}

/** Why no record of a shape would come to a mapping, were it in force beside the others; nothing: some may. */
export function routingProblem(shape: Shape, mapping: Mapping, mappings: readonly Mapping[]): string | undefined {
  const misfits = shapeMisfits(shape.paths, mapping.shape);
  if (misfits.length > 0) return misfits.join('; ');
  const candidates = mappingsFor(shape, withMapping(mappings, mapping)).map((candidate) => candidate.mapping);
  if (candidates.includes(mapping)) return undefined;
  const others = mappings.filter(({ id, shape: other }) => id !== mapping.id && fits(shape.paths, other));
  const names = others.map(({ id }) => id).join(', ');
  return candidates.length > 0
    ? `all records of the shape go to ${names}, which names more paths`
    : `${names} is for the same records, and nothing says which of both they go to: give one of them a condition (when)`;
}
