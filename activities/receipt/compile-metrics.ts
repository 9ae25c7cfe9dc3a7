import type { MetricDefinition } from '../../workflows/definition/index.ts';
import type { ReceiptRequest } from '../../workflows/stages.ts';

/** The counts that the definition asks for, of a run that has published; null where it asks for none, or something is not there. */
export function compileMetrics(request: ReceiptRequest): Readonly<Record<string, number>> | null {
  const { plan, sources, transformed, published, error } = request;
  if (!plan?.metrics || published.length === 0 || error) return null;
  const count = (metric: MetricDefinition): number | undefined => {
    if ('source' in metric) {
      const source = sources.find(({ name }) => name === metric.source);
      return source && (source[metric.count] ?? 0);
    }
    const table = transformed.find(({ name }) => name === metric.table);
    if (!table) return undefined;
    const { rows, deduplicated = 0, filtered = 0, quarantined } = table;
    return { rows, deduplicated, filtered, quarantined: quarantined?.rows ?? 0, valid: rows + deduplicated }[
      metric.count
    ];
  };
  const counted = Object.entries(plan.metrics).map(([name, metric]) => [name, count(metric)] as const);
  // A run of some tables alone has no count of the others, and a file of half of them would be taken for whole.
  return counted.every((one): one is [string, number] => one[1] !== undefined) ? Object.fromEntries(counted) : null;
}
