import type { DrainTally } from './drain-contract.ts';
import type { GuardResult, IngestedSource } from './stages.ts';

/** A drained source as any other: records of unknown shapes are quarantined until somebody maps them. */
export function drainedSource(
  tally: DrainTally,
): Pick<IngestedSource, 'name' | 'read' | 'staged' | 'quarantined' | 'guards' | 'reasons'> {
  const { source, read, inserted, unchanged, quarantined, unknownShape, reasons } = tally;
  return {
    name: source,
    read,
    staged: inserted + unchanged,
    quarantined: quarantined + unknownShape,
    guards: [...unknownGuard(tally), ...badGuard(tally), ...modelGuard(tally)],
    reasons: [...reasons, ...(unknownShape > 0 ? [{ reason: NO_MAPPING, rows: unknownShape }] : [])].sort(
      (a, b) => b.rows - a.rows,
    ),
  };
}

/** Why a record of a shape that nobody has mapped is no row. */
export const NO_MAPPING = 'no mapping is for its shape';

function unknownGuard({ source, unknownShape }: DrainTally): GuardResult[] {
  const detail = `${unknownShape} records are of shapes that no mapping is for: they wait for one`;
  return [
    {
      name: `${source}: every shape has a mapping`,
      severity: 'warning',
      passed: unknownShape === 0,
      detail,
      rows: unknownShape,
    },
  ];
}

function badGuard({ source, quarantined }: DrainTally): GuardResult[] {
  const detail = `${quarantined} records are quarantined, each with its reason`;
  return [
    {
      name: `${source}: every record can be read`,
      severity: 'warning',
      passed: quarantined === 0,
      detail,
      rows: quarantined,
    },
  ];
}

/** A model that cannot be asked stops nothing: whoever configured it is told. */
function modelGuard({ model }: DrainTally): GuardResult[] {
  if (!model) return [];
  const { problem } = model;
  return [
    {
      ...{ name: 'the language model can be asked for mappings', severity: 'warning' },
      passed: problem === undefined,
      detail: problem ?? '',
    },
  ];
}
