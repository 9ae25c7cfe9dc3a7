import fc from 'fast-check';

/** A table and the way in which a conforming program writes it. */
export interface DialectFile {
  readonly delimiter: string;
  readonly quote: string;
  readonly header: boolean;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly text: string;
}

const number = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map(String);
const word = fc.stringMatching(/^[a-z]{2,9}$/);

/** Columns as people have them: a name, and cells of one sort. */
const column = fc.constantFrom<readonly [string, fc.Arbitrary<string>]>(
  ['id', number(100_000)],
  ['amount', fc.tuple(number(9999), number(99)).map(([whole, cents]) => `${whole}.${cents.padStart(2, '0')}`)],
  ['importe', fc.tuple(number(9999), number(99)).map(([whole, cents]) => `${whole},${cents.padStart(2, '0')}`)],
  [
    'day',
    fc
      .date({ min: new Date('1990-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10)),
  ],
  ['active', fc.constantFrom('true', 'false')],
  ['email', fc.tuple(word, word).map(([a, b]) => `${a}@${b}.org`)],
  ['city', fc.constantFrom('Rome', 'Oslo', 'New York', 'São Paulo', 'L’Aquila')],
  ['name', fc.tuple(word, word).map(([a, b]) => `${b}, ${a}`)],
  [
    'note',
    fc
      .array(fc.oneof(word, fc.constantFrom('say "no"', "it's", 'a, b', 'x; y', 'one\ntwo', '5" wide', '#1', 'a|b')), {
        maxLength: 4,
      })
      .map((all) => all.join(' ')),
  ],
);

const ANYTHING = Array.from('aaabcé 01,;|\t"\'\n#-.');
const wild: fc.Arbitrary<readonly [string, fc.Arbitrary<string>]> = fc.constant([
  'wild',
  fc.string({ unit: fc.constantFrom(...ANYTHING), maxLength: 8 }),
]);

interface Style {
  readonly delimiter: string;
  readonly quote: string;
  readonly quoting: 'needed' | 'texts' | 'all';
  readonly lineEnd: string;
  readonly header: boolean;
}

/** Tables of people's columns, at least one of them typed; `anything`: cells of any characters, headers or none, few rows. */
export function dialectFile(anything: boolean): fc.Arbitrary<DialectFile> {
  const style: fc.Arbitrary<Style> = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    quote: fc.constantFrom('"', '"', '"', "'"),
    quoting: fc.constantFrom<Style['quoting']>('needed', 'needed', 'texts', 'all'),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    header: fc.boolean(),
  });
  return fc
    .tuple(style, fc.array(anything ? fc.oneof(column, wild) : column, { minLength: 2, maxLength: 6 }))
    .chain(([how, columns]) =>
      fc
        .array(fc.tuple(...columns.map(([, cell]) => cell)), { minLength: anything ? 1 : 3, maxLength: 30 })
        .map((rows) =>
          write(
            how,
            columns.map(([name], index) => `${name}_${index}`),
            // A value "x" in a file that quotes with ' looks like a quoted x in any other.
            anything && how.quote === "'" ? rows.map((row) => row.map((cell) => cell.replaceAll('"', ''))) : rows,
          ),
        ),
    );
}

function write(style: Style, names: readonly string[], rows: readonly (readonly string[])[]): DialectFile {
  const { delimiter, quote, quoting, lineEnd, header } = style;
  const spell = (cell: string): string => {
    const needed =
      [delimiter, quote, '\n', '\r'].some((mark) => cell.includes(mark)) || (names.length === 1 && cell === '');
    const wanted = quoting === 'all' || (quoting === 'texts' && !/^[\d.]+$/.test(cell));
    return needed || wanted ? quote + cell.replaceAll(quote, quote + quote) + quote : cell;
  };
  const all = header ? [names, ...rows] : rows;
  const text = all.map((row) => row.map(spell).join(delimiter) + lineEnd).join('');
  return { delimiter, quote, header, names, rows, text };
}
