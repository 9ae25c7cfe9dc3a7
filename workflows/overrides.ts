import { closest } from './definition/closest.ts';
import type { Override } from './definition/index.ts';
import type { CheckOutcome } from './stages.ts';

/** What a person may publish in spite of, by the checks' full names, and a sentence for each name that cannot be taken. */
export interface NamedOverrides {
  readonly overrides: readonly Override[];
  readonly problems: readonly string[];
}

/**
 * Finds the checks that are meant: by their full name, or by a part that is of one check only. Upper and lower case are the
 * same. A check that holds unconditionally is never among them.
 */
export function nameOverrides(asked: readonly Override[], outcomes: readonly CheckOutcome[]): NamedOverrides {
  const found = asked.map(({ check, reason }) => ({ reason, ...nameCheck(check, outcomes) }));
  return {
    overrides: found.flatMap(({ name, reason }) => (name === undefined ? [] : [{ check: name, reason }])),
    problems: found.flatMap(({ problem }) => problem ?? []),
  };
}

function nameCheck(
  given: string,
  outcomes: readonly CheckOutcome[],
): { readonly name?: string; readonly problem?: string } {
  const named = matching(given, outcomes);
  const names = [...new Set(named.filter(({ unconditional }) => !unconditional).map(({ name }) => name))];
  const [name, ...more] = names;
  if (name !== undefined && more.length === 0) return { name };
  if (name !== undefined) return { problem: `"${given}" is a part of ${names.length} checks: ${listed(names)}.` };
  if (named.length > 0) {
    return {
      problem: `${listed(named.map((one) => one.name))} can never be overridden: without it what is published would be wrong.`,
    };
  }
  const known = outcomes.flatMap((one) => [one.name, ...one.name.split(': ').slice(1)]);
  return { problem: `"${given}" names no check of this run.${closest(given, known)}` };
}

/** Those with that very name, else those of whose names it is a part. */
function matching(given: string, outcomes: readonly CheckOutcome[]): readonly CheckOutcome[] {
  const wanted = given.trim().toLowerCase();
  const exact = outcomes.filter(({ name }) => name.toLowerCase() === wanted);
  return exact.length > 0 ? exact : outcomes.filter(({ name }) => name.toLowerCase().includes(wanted));
}

/** The words for a run that was asked for overrides which cannot be taken. `blocking`: names of what stops it. */
export function overrideProblem(problems: readonly string[], blocking: readonly string[]): string {
  const why =
    blocking.length > 0 ? `What blocks this run: ${listed(blocking)}.` : 'Nothing that can be named blocks this run.';
  return [
    problems.join(' '),
    '  where: --publish-anyway',
    `  why:   ${why}`,
    '  to do: name a check by its full name or by a part that no other has, or leave the flag out; nothing was published',
  ].join('\n');
}

/** How a failed check that stopped nothing is told. */
export function overrideWords(reason: string, published: boolean): string {
  return `${published ? 'published' : 'would be published'} anyway: ${reason}`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
