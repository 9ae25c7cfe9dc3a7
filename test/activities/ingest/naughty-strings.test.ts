import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession, type Session } from '../../../activities/duckdb/session.ts';
import type { DestinationPlan } from '../../../workflows/definition/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { publishAs, table } from '../publish/destinations.ts';
import { column, fromHex, loadFile, type Cell } from './load-file.ts';
import { EXCEPTIONS, NAUGHTY_FORMATS, type NaughtyFormat } from './naughty-exceptions.ts';
import { writeCsv } from './written/write-csv.ts';
import { writeExcel } from './written/write-excel.ts';
import { writeJson } from './written/write-json.ts';
import { writeParquet } from './written/write-parquet.ts';
import { writeXml } from './written/write-xml.ts';
import type { Rows, WrittenFile } from './written/written-file.ts';

const STRINGS = createRequire(import.meta.url)('big-list-of-naughty-strings') as readonly string[];
const NAMES = ['id', 'text'];

const CSV = { quote: '"', lineEnd: '\n', lastLineEnd: true, header: true, encoding: 'utf-8' } as const;
const JSON_STYLE = { lineEnd: '\n', indent: 0, wrapped: '', sparse: false, bare: false, mark: false } as const;

/** Writers of each format. */
function write(format: NaughtyFormat, folder: string, rows: Rows): WrittenFile | Promise<WrittenFile> {
  switch (format) {
    case 'comma':
      return writeCsv({ ...CSV, delimiter: ',', quoting: 'texts' }, NAMES, rows);
    case 'semicolon':
      return writeCsv({ ...CSV, delimiter: ';', quoting: 'needed', lineEnd: '\r\n' }, NAMES, rows);
    case 'tab':
      return writeCsv({ ...CSV, delimiter: '\t', quoting: 'numbers', encoding: 'utf-16le' }, NAMES, rows);
    case 'json':
    case 'jsonl':
      return writeJson({ ...JSON_STYLE, kind: format }, NAMES, rows);
    case 'xml':
      return writeXml({ as: 'elements', escape: 'names', nil: true, lineEnd: '\n', encoding: 'utf-8' }, NAMES, rows);
    case 'excel':
      return writeExcel(NAMES, rows);
    case 'parquet':
      return writeParquet(folder, 'zstd', NAMES, rows);
  }
}

/** The strings that a format carries, and as what. */
function carried(format: NaughtyFormat): Rows {
  const exceptions = EXCEPTIONS.filter(({ formats }) => formats.includes(format));
  return STRINGS.flatMap((text, index) => {
    const exception = exceptions.find(({ strings }) => strings(text));
    if (exception) return exception.instead === undefined ? [] : [[String(index), exception.instead]];
    return [[String(index), text]];
  });
}

const DESTINATIONS: readonly {
  readonly kind: DestinationPlan['kind'];
  readonly path: string;
  readonly attach: (session: Session, path: string) => Promise<string>;
}[] = [
  {
    kind: 'duckdb',
    path: 'out/naughty.duckdb',
    attach: async (session, path) => {
      await session.run(`ATTACH ${literal(path)} AS published (TYPE duckdb, READ_ONLY)`);
      return 'published.orders';
    },
  },
  {
    kind: 'sqlite',
    path: 'out/naughty.db',
    attach: async (session, path) => {
      await loadExtension(session, 'sqlite_scanner');
      await session.run(`ATTACH ${literal(path)} AS published (TYPE sqlite, READ_ONLY)`);
      return 'published.orders';
    },
  },
  {
    kind: 'parquet',
    path: 'out/naughty.parquet',
    attach: (_, path) => Promise.resolve(`read_parquet(${literal(path)})`),
  },
];

describe.each(NAUGHTY_FORMATS)('Big List of Naughty Strings, %s', (format) => {
  test('comes back as it is from every destination', async () => {
    const folder = await temporaryFolder();
    const rows = carried(format);
    const written = STRINGS.map((text, index) => [String(index), text]).filter(([id]) =>
      rows.some((row) => row[0] === id),
    );
    const { name, bytes } = await write(format, folder, written);
    const { result, lake, ...loaded } = await loadFile(folder, name, bytes);
    expect(result).toMatchObject({ read: rows.length, quarantined: 0 });
    const texts = column({ result, lake, ...loaded }, 'text');
    expect(column({ result, lake, ...loaded }, 'id').map((id, index) => [id, texts[index]])).toEqual(rows);
    for (const { kind, path, attach } of DESTINATIONS) {
      const plan = table('replace', { name: 'orders' });
      const [published] = await publishAs({ folder, kind, path }, 'run', [plan], result.tables, { lake });
      expect(published?.rows, kind).toBe(result.staged);
      const back = await withSession(undefined, async (session) =>
        session.rows<{ id: string; text: Cell }>(
          `SELECT CAST(id AS VARCHAR) AS id, hex(text) AS text FROM ${await attach(session, join(folder, path))} ORDER BY CAST(id AS BIGINT)`,
        ),
      );
      expect(
        back.map(({ id, text }) => [id, fromHex(text)]),
        kind,
      ).toEqual(rows);
    }
  });
});

test('every exception is needed', async () => {
  expect(STRINGS).toHaveLength(461);
  const folder = await temporaryFolder();
  for (const { formats, strings, count, instead, reason } of EXCEPTIONS) {
    const concerned = STRINGS.filter(strings);
    expect(concerned, reason).toHaveLength(count);
    for (const format of formats) {
      for (const text of concerned) {
        const rows = [
          ['0', 'x'],
          ['1', text],
        ];
        const { name, bytes } = await write(format, folder, rows);
        const loaded = await loadFile(folder, name, bytes).catch(() => undefined);
        const back = loaded && loaded.result.quarantined === 0 ? column(loaded, 'text')[1] : undefined;
        expect(back, `${format}: ${reason}`).toBe(instead);
      }
    }
  }
});
