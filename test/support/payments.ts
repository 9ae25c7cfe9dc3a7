import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mapping } from '../../workflows/definition/index.ts';
import { mappingSchema } from '../../workflows/definition/mapping-schema.ts';

const folder = 'pipelines/payments/mappings';

/** The mappings that ship with `payments`. */
export function shippedMappings(): Mapping[] {
  return readdirSync(folder).map(
    (file) => mappingSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))) as Mapping,
  );
}
