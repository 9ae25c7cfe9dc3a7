import { literal } from '../../duckdb/identifiers.ts';
import { escapePattern } from './escape-pattern.ts';

/** A declared spelling of numbers, compiled. */
export interface NumberFormat {
  /** SQL: the number in plain digits (`-1234.56`) when the text is exactly in this spelling, else NULL. */
  plain(text: string): string;
  /** Whether a point groups digits here, so that the plain spelling `1.234` means something else. */
  readonly pointGroups: boolean;
}

/** A space in the example stands for each of these, as writers choose among them by locale and version. */
const SPACES = [' ', '\u00a0', '\u202f'];
const GROUPS = ['', '.', ',', "'", '\u2019', ' '];
const MARKS = ['.', ','];

/**
 * Compiles an example of how 1234.56 is written: `1.234,56`, `1234,56`, `1 234,56`, `€1,234.56`, `1.234,56 €`. What stands
 * before and after the number stands for itself. A text may leave the grouping out altogether and have any digits after
 * the mark, or none; a grouping that is there must be right and of one kind. `-` stands before the number or before it all.
 * Returns the reason when the example cannot be used.
 */
export function compileNumberFormat(example: string): NumberFormat | string {
  const text = example.replaceAll(/[\u00a0\u202f]/g, ' ');
  const found = /^(.*?)1([^0-9]?)234([^0-9])56(.*)$/su.exec(text);
  const [, prefix = '', group = '', mark = '', suffix = ''] = found ?? [];
  if (!found || !GROUPS.includes(group) || !MARKS.includes(mark) || group === mark) {
    return `"${example}" is no example of how 1234.56 is written`;
  }
  if (/[0-9+-]/.test(prefix + suffix)) return `digits and signs in "${example}" would be taken for parts of the number`;
  if (/[.,'\u2019]$/.test(prefix) || /^[.,'\u2019]/.test(suffix)) {
    return `what stands beside the number in "${example}" would be taken for a part of it`;
  }

  const separators = group === '' ? [] : group === ' ' ? SPACES : [group];
  const grouped = separators.map((separator) => `[1-9][0-9]{0,2}(?:${escapePattern(separator)}[0-9]{3})+`);
  const whole = `(${[...grouped, '0', '[1-9][0-9]*'].join('|')})`;
  const before = affix(prefix);
  const sign = before === '' ? '(-?)()' : `(?:(-)${before}|${before}(-?))`;
  const spelling = `${sign}${whole}(?:${escapePattern(mark)}([0-9]+))?${affix(suffix)}`;
  const pattern = literal(spelling);
  const anchored = literal(`^(?:${spelling})$`);

  const part = (sql: string, index: number): string => `regexp_extract(${sql}, ${anchored}, ${index})`;
  return {
    pointGroups: group === '.',
    plain: (sql) => {
      const digits = separators.reduce(
        (inner, separator) => `replace(${inner}, ${literal(separator)}, '')`,
        part(sql, 3),
      );
      const fraction = part(sql, 4);
      return `CASE WHEN regexp_full_match(${sql}, ${pattern}) THEN ${part(sql, 1)} || ${part(sql, 2)} || ${digits} ||
        CASE WHEN ${fraction} = '' THEN '' ELSE '.' || ${fraction} END END`;
    },
  };
}

function affix(text: string): string {
  return Array.from(text, (character) => (character === ' ' ? `[${SPACES.join('')}]` : escapePattern(character))).join(
    '',
  );
}
