import { counted } from './figures.ts';

/** The part of an alert that a console shows. */
export interface ShownAlert {
  readonly severity: string;
  readonly pipeline: string;
  readonly title: string;
  readonly rows: number;
  readonly sample: readonly string[];
}

/** `alert: WARNING sales: dates in the future: 1,479 rows (venta_id 17, venta_id 23, …)` */
export function alertLine({ severity, pipeline, title, rows, sample }: ShownAlert): string {
  const shown = sample.slice(0, 3).join(', ');
  const keys = shown ? (rows > 1 ? ` (${shown}${rows > 3 ? ', …' : ''})` : `: ${shown}`) : '';
  return `alert: ${severity.toUpperCase()} ${pipeline}: ${title}${rows > 1 ? `: ${counted(rows, 'row')}` : ''}${keys}`;
}
