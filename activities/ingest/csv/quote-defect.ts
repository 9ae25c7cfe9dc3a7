/** A quote where none can be, in the words that people are told; a record with one is broken. */
export const QUOTE_DEFECTS = {
  /** Its field goes on over line ends to the file's end, or to text after a closing quote. */
  stray: 'quote is never closed',
  inside: 'quote inside an unquoted field',
  behind: 'text after a closing quote',
} as const;

export type QuoteDefect = (typeof QUOTE_DEFECTS)[keyof typeof QUOTE_DEFECTS];
