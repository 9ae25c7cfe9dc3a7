import type { Proposal } from '../../../activities/normalise/propose-mapping.ts';
import type { ValueProfile } from '../../../activities/normalise/value-profile.ts';
import { count } from '../figures.ts';
import { terminalText } from '../runs/terminal-text.ts';

/** `complete`, or what is missing. */
export function completeness(missing: readonly string[]): string {
  return missing.length === 0 ? 'complete' : `${missing.join(', ')} missing`;
}

/** What stands at each path, without a value: a line each. */
export function profileLines(profiles: readonly ValueProfile[]): string[] {
  const width = Math.max(0, ...profiles.map(({ path }) => terminalText(path).length));
  return profiles.map(({ path, kind, values, distinct, shortest, longest, formats }) => {
    const written = Object.entries(formats).map(([format, times]) => `${format} ×${count(times)}`);
    const lengths = shortest === longest ? `${shortest} characters` : `${shortest} to ${longest} characters`;
    const told = values === 0 ? 'no value' : `${written.join(', ')}; ${count(distinct)} distinct; ${lengths}`;
    return `  ${terminalText(path).padEnd(width)}  ${kind.padEnd(7)}  ${told}`;
  });
}

/** What speaks for each column, and what is missing. */
export function proposalLines({ columns, missing }: Proposal): string[] {
  const width = Math.max(0, ...columns.map(({ column }) => column.length));
  return [
    ...columns.map(
      ({ column, path, why, sure }) => `  ${column.padEnd(width)}  ${sure.padEnd(6)}  ${terminalText(path)}: ${why}`,
    ),
    ...missing.map(({ column, why }) => `  ! ${column} is required and missing: ${terminalText(why, 200)}`),
  ];
}
