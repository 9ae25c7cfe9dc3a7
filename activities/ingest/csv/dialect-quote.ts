import { isRecord, type DialectMarks, type DialectReading, type ReadLine } from './dialect-reading.ts';

/** A reading with the quote that fits best, or why two would do. */
export interface QuotedReading {
  readonly reading: DialectReading;
  readonly doubt?: QuoteDoubt;
  readonly why?: string;
  /** Some quotes stand where none can be, so all are taken for text. */
  readonly unquoted?: true;
}

/** The same delimiter with another quote reads about as well. */
export interface QuoteDoubt {
  readonly rival: DialectReading;
  readonly why: string;
}

/**
 * Chooses the quote for a delimiter. `"` quotes unless the file says otherwise: a single quote does when more records
 * fit that way, when delimiters stand between two of them, or when it is around every text of a column; none does when a quote stands where none can be, nothing is
 * properly quoted, and more records fit without.
 */
export function chooseQuote(
  delimiter: string,
  declared: string | undefined,
  read: (marks: Omit<DialectMarks, 'comment'>) => DialectReading,
): QuotedReading {
  if (declared !== undefined) return { reading: read({ delimiter, quote: declared }) };
  const double = read({ delimiter, quote: '"' });
  const wrapped = count(double, (cell, quoted) => !quoted && isWrapped(cell));
  if (wrapped > 0 || count(double, (cell) => cell.startsWith("'")) > 0) {
    const single = read({ delimiter, quote: "'" });
    if (betterThan(single, double)) return { reading: single, why: "more records fit with ' around fields" };
    if (single.share >= double.share && single.strays === 0 && allLines(double).some(isTorn)) {
      const why = "fields begin with ' and others after them end with it";
      if (double.quotedFields === 0) return { reading: single, why };
      return { reading: double, doubt: { rival: single, why: `${why}, and others stand between "` } };
    }
    if (single.share >= double.share && single.strays === 0 && single.quotedLines > 0) {
      const why = "lines end between ', and every line is a record without that too";
      return { reading: double, doubt: { rival: single, why } };
    }
    if (single.share >= double.share && double.quotedFields === 0) {
      const loose = count(double, (cell) => cell.includes("'") && !isWrapped(cell));
      if (loose === 0 && wrapsColumn(double)) return { reading: single, why: "' is around every text of a column" };
      const texts = count(double, (cell) => /[^\d\s.,:/+-]/.test(cell));
      const doubled = count(double, (cell, quoted) => !quoted && isWrapped(cell) && cell.slice(1, -1).includes("''"));
      if (loose === 0 && wrapped > 0 && (wrapped * 50 >= texts || doubled > 0)) {
        const why = `${wrapped} fields stand between ', which may be quotes or a part of the value`;
        return { reading: double, doubt: { rival: single, why } };
      }
    }
  }
  if (double.quotedLines > 0) {
    const none = read({ delimiter, quote: '' });
    if (none.share === 1 && none.width === double.width && double.share === 1) {
      const why = 'its quotes hold line ends, and every line is a record without them too';
      return { reading: double, doubt: { rival: none, why } };
    }
  }
  if (double.strays > 0 && double.quotedFields === 0) {
    const none = read({ delimiter, quote: '' });
    if (betterThan(none, double))
      return { reading: none, unquoted: true, why: 'its quotes stand where no quote can be, so nothing is quoted' };
  }
  return { reading: double };
}

/** More fields than one, and more records that have them. */
function betterThan(one: DialectReading, other: DialectReading): boolean {
  return one.share > other.share && (one.width > 1 || other.width === 1);
}

function isWrapped(cell: string): boolean {
  return (
    cell.length > 1 &&
    cell.startsWith("'") &&
    cell.endsWith("'") &&
    !cell.slice(1, -1).replaceAll("''", '').includes("'")
  );
}

/** A delimiter inside single quotes has split a field in two. */
function isTorn({ cells }: ReadLine): boolean {
  const opens = cells.findIndex((cell) => cell.startsWith("'") && !isWrapped(cell));
  return opens >= 0 && cells.some((cell, index) => index > opens && cell.endsWith("'") && !isWrapped(cell));
}

function allLines(reading: DialectReading): readonly ReadLine[] {
  return [...reading.lines, ...reading.later];
}

function count(reading: DialectReading, matches: (cell: string, quoted: boolean) => boolean): number {
  let all = 0;
  for (const { cells, quoted } of allLines(reading)) {
    cells.forEach((cell, index) => {
      if (matches(cell, quoted[index] ?? false)) all += 1;
    });
  }
  return all;
}

function wrapsColumn(reading: DialectReading): boolean {
  const rows = allLines(reading).filter((line) => isRecord(line, reading.width));
  return Array.from({ length: reading.width }, (_, column) => column).some((column) => {
    const cells = rows
      .slice(1)
      .map((row) => row.cells[column] ?? '')
      .filter((cell) => cell !== '');
    return cells.length > 1 && cells.every(isWrapped);
  });
}
