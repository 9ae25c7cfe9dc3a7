import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXPORT_COLUMNS } from '../../../../client/cli/quarantine/export-columns.ts';
import { exportColumnsOf, withoutExportColumns } from '../../../../client/cli/quarantine/without-export-columns.ts';

async function cut(text: string | Buffer, size = 1 << 16, part = withoutExportColumns): Promise<string> {
  const bytes = Buffer.from(text as string);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const out: Buffer[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await
  const chunks = async function* (): AsyncGenerator<Buffer> {
    yield* pieces;
  };
  for await (const piece of part(chunks())) out.push(piece);
  return Buffer.concat(out).toString();
}

const HEAD = EXPORT_COLUMNS.join(',');

test.each([
  ['plain', `${HEAD},a,b\nf,1,2,r,"x,y",1,2\n`, 'a,b\n1,2\n'],
  ['no end of line', `${HEAD},a\nf,1,2,r,x,1`, 'a\n1'],
  ['CRLF', `${HEAD},a\r\nf,1,2,r,x,1\r\n`, 'a\r\n1\r\n'],
  ['a byte-order mark', `\ufeff${HEAD},a\nf,1,2,r,x,1\n`, 'a\n1\n'],
  ['semicolons of a spreadsheet', `${HEAD.replaceAll(',', ';')};a;b\nf;1;2;r;"x;y";1,5;2\n`, 'a;b\n1,5;2\n'],
  ['everything in quotes', `"${EXPORT_COLUMNS.join('","')}","a"\n"f","1","2","r","say ""x,y""","1"\n`, '"a"\n"1"\n'],
  ['lines inside of quotes', `${HEAD},a\nf,1,2,r,"x\ny,""z""\n",1\nf,2,9,r,,3\n`, 'a\n1\n3\n'],
  ['a doubled quote at the end', `${HEAD},a\nf,1,2,r,"""",1\n`, 'a\n1\n'],
  ['blank values', `${HEAD},a,b\nf,1,2,r,x,,""\n`, 'a,b\n,""\n'],
  ['a record that is too short stays to be told', `${HEAD},a\nshort,1\nf,1,2,r,x,7\n`, 'a\nshort,1\n7\n'],
  ['other columns in front', 'id,_file,_line,_offset,_reason,_record,a\n1,2,3,4,5,6,7\n', undefined],
  ['no such columns', 'a,b\n1,2\n', undefined],
  ['nothing but these columns', `${HEAD}\nf,1,2,r,x\n`, undefined],
  ['nothing', '', undefined],
])('%s', async (_, text, expected) => {
  for (const size of [1, 7, 1 << 16]) expect(await cut(text, size)).toBe(expected ?? text);
});

describe('any table that a conforming writer wrote', () => {
  const cell = fc.oneof(fc.constantFrom('', '"', ',', '\n', '\r\n', '""', 'x'), fc.string());
  const row = fc.array(cell, { minLength: 8, maxLength: 8 });

  test('falls into its own columns and those of the export, however the bytes come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (rows, size, quoted) => {
          const all = stringify([[...EXPORT_COLUMNS, 'a', 'b', 'c'], ...rows], { quoted });
          const own = stringify([['a', 'b', 'c'], ...rows.map((cells) => cells.slice(5))], { quoted });
          expect(await cut(all, size)).toBe(own);
          const front = stringify([EXPORT_COLUMNS, ...rows.map((cells) => cells.slice(0, 5))], { quoted });
          expect(await cut(all, size, exportColumnsOf)).toBe(front.replaceAll(/\n(?=(?:[^"]*"[^"]*")*[^"]*$)/g, ',\n'));
        },
      ),
    );
  });
});
