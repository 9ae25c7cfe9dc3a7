import { mappingSchema } from './definition/mapping-schema.ts';
import type { Mapping } from './definition/index.ts';
import { describeProblems } from './definition/schema.ts';
import { shapeMisfits } from './definition/shape-fit.ts';
import type { ApprovalRequest } from './mappings-contract.ts';

/** Why a mapping cannot be approved for a shape, as far as both of them tell; a sentence each. */
export function approvalProblems({ shape, mapping }: ApprovalRequest): string[] {
  const parsed = mappingSchema.safeParse(mapping);
  if (!parsed.success) return [...describeProblems(parsed.error)];
  return shapeMisfits(shape.paths, (parsed.data as Mapping).shape);
}
