import { fitsXml } from './written/write-xml.ts';

/** A format as the naughty strings travel in it. */
export const NAUGHTY_FORMATS = ['comma', 'semicolon', 'tab', 'json', 'jsonl', 'xml', 'excel', 'parquet'] as const;
export type NaughtyFormat = (typeof NAUGHTY_FORMATS)[number];

/**
 * Strings that a format cannot carry, or not as they are: which, how many, what is carried instead (`undefined`: they are
 * not written at all), and why. Every entry must be needed: the test fails when one is not.
 */
export const EXCEPTIONS: readonly {
  readonly formats: readonly NaughtyFormat[];
  readonly strings: (text: string) => boolean;
  readonly count: number;
  readonly instead: null | undefined;
  readonly reason: string;
}[] = [
  {
    formats: ['xml'],
    strings: (text) => !fitsXml(text),
    count: 3,
    instead: undefined,
    reason: 'characters that XML 1.0 has no place for, escaped or not',
  },
  {
    formats: ['semicolon'],
    strings: (text) => text === '',
    count: 1,
    instead: null,
    reason: 'a writer that quotes only where it must writes an empty text as it writes no value',
  },
  {
    formats: ['excel'],
    strings: (text) => text === '',
    count: 1,
    instead: null,
    reason: 'a workbook has no empty texts: a cell without a text is none',
  },
];
