import { shellWords } from '../shell-words.ts';

/** Settings of a definition, as advice writes them, and how one types them at the keyboard. */
const SETTINGS: readonly (readonly [RegExp, string | ((...groups: (string | undefined)[]) => string)])[] = [
  [
    /\b(?:add (?:it|them|its columns) to|mend) sources\.[^\s.]+\.columns/g,
    'declare what is there (--declare column=type)',
  ],
  [/\bset contract: \{ \w+: '([\w-]+)' \}/g, (_, mode) => `use --contract ${mode}`],
  [/\b(?:declare |set )?header: true or false( for what the first line is)?/g, '--header or --no-header'],
  [/\bdeclare header: (true|false)/g, (_, is) => `copy it with ${is === 'true' ? '--header' : '--no-header'}`],
  [
    /\b(encoding|format|records|sheet|nested|delimiter|quote|comment): (?:'([^']*)'|"([^"]*)")/g,
    (_, name, single, double) => shellWords([`--${name}`, single ?? double ?? '']),
  ],
  [/\bmissing: '(keep)'/g, (_, way) => `--missing ${way}`],
  [
    /\ba larger vanishAtMost \(of a copy --vanish-at-most\), or of a pipeline --full-refresh .+ for this once/g,
    'a larger --vanish-at-most',
  ],
  [/\bin records: ([\w.]+)/g, (_, path) => `in --records ${path}`],
];

/** Advice in the words of `copy`: settings of a definition become its flags, which have the same names. */
export function asFlags(advice: string): string {
  return SETTINGS.reduce((text, [setting, flag]) => text.replace(setting, flag as string), advice);
}
