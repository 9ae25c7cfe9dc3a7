import type { CopyOptions, RunOptions } from '../../../workflows/definition/index.ts';

/** A copy as the words and flags that ask for it; `from` and `to` as they are to be written. */
export function copyWords(
  { from, to }: { readonly from: readonly string[]; readonly to: string },
  copy: CopyOptions,
  { validateOnly = false }: Pick<RunOptions, 'validateOnly'>,
  environment: string,
): string[] {
  const { table, mode, key, contract, declare, format, encoding, dialect = {}, records, sheet, nested } = copy;
  const { delimiter, quote, header, comment } = dialect;
  const values = {
    ...{ table, mode: mode === 'replace' ? undefined : mode, key: key.length > 0 ? key.join(',') : undefined },
    ...{ contract, format, encoding, delimiter, quote, comment, records, sheet, nested },
  };
  return [
    'copy',
    ...from,
    to,
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...Object.entries(declare).map(([column, type]) => `--declare=${column}=${type}`),
    ...(header === undefined ? [] : [header ? '--header' : '--no-header']),
    ...(validateOnly ? ['--validate-only'] : []),
    `--env=${environment}`,
  ];
}
