import { counted } from './figures.ts';
import { keyList, shortened } from './key-list.ts';

/** The part of an alert that a console shows. */
export interface ShownAlert {
  readonly severity: string;
  readonly pipeline: string;
  readonly title: string;
  readonly rows: number;
  /** Keys of rows; of a finding that is no statement about rows, one sentence. */
  readonly sample: readonly string[];
}

/**
 * `alert: WARNING sales: dates in the future: 1,479 rows: venta_id=17, venta_id=23, …` Kept to a line; `alerts.log` and the
 * receipt hold all of it.
 */
export function alertLine({ severity, pipeline, title, rows, sample }: ShownAlert): string {
  const parts = [`alert: ${severity.toUpperCase()} ${pipeline}`, title];
  if (rows > 1) parts.push(counted(rows, 'row'));
  if (sample.length > 0) parts.push(rows > 1 ? keyList(sample, rows) : shortened(sample[0] ?? ''));
  return parts.join(': ');
}
