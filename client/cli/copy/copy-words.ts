import { publishAnywayWords } from '../publish-anyway.ts';
import { shareText, type CopyOptions, type RunOptions } from '../../../workflows/definition/index.ts';

/** A copy as the words and flags that ask for it; `from` and `to` as they are to be written. */
export function copyWords(
  { from, to }: { readonly from: readonly string[]; readonly to: string },
  copy: CopyOptions,
  options: Pick<RunOptions, 'validateOnly' | 'publishAnyway'>,
  environment: string,
): string[] {
  const { table, mode, missing, vanishAtMost, key, contract, declare, format, encoding, dialect = {} } = copy;
  const { keepLatestBy = [], partitionBy = [], records, sheet, nested } = copy;
  const { delimiter, quote, header, comment } = dialect;
  const values = {
    ...{ table, mode: mode === 'replace' ? undefined : mode, missing },
    'vanish-at-most': vanishAtMost === undefined ? undefined : shareText(vanishAtMost),
    ...{ key: listed(key), 'keep-latest-by': listed(keepLatestBy), 'partition-by': listed(partitionBy) },
    ...{ contract, format, encoding, delimiter, quote, comment, records, sheet, nested },
  };
  return [
    'copy',
    ...from,
    to,
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...Object.entries(declare).map(([column, type]) => `--declare=${column}=${type}`),
    ...(header === undefined ? [] : [header ? '--header' : '--no-header']),
    ...(options.validateOnly ? ['--validate-only'] : []),
    ...publishAnywayWords(options),
    `--env=${environment}`,
  ];
}

function listed(columns: readonly string[]): string | undefined {
  return columns.length > 0 ? columns.join(',') : undefined;
}
