import type { PublishRequest } from '../../../workflows/stages.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import { tooManyVanish } from '../refusals.ts';
import type { Vanishing } from './missing.ts';

const DEFAULT_SHARE = 0.1;

/** A load that lacks more of a table than may vanish was probably cut off: nothing is changed then. `--full-refresh` lifts it. */
export function guardVanishing(request: PublishRequest, table: TablePlan, { there, missing }: Vanishing): void {
  const { vanishAtMost = DEFAULT_SHARE, name } = table;
  if (missing <= there * vanishAtMost || request.fullRefresh.includes(name)) return;
  throw tooManyVanish(request, table, { there, missing, vanishAtMost });
}
