import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { duckdbAlone } from './ingest-bytes.ts';
import { column, loadFile } from './load-file.ts';

/**
 * A column of 25,000 usual values, behind which one stands that is written in another way. `type`: what ours becomes.
 * `alone`: what DuckDB makes of that one value; `refused` where it fails with the whole file.
 */
const SPELLINGS: readonly (readonly [usual: string, odd: string, type: string, alone: string | number | boolean])[] = [
  ['1', '1.7', 'DECIMAL(18,1)', '2'],
  ['42', '007', 'VARCHAR', '7'],
  ['42', '1_000', 'VARCHAR', '1000'],
  ['42', '1e5', 'VARCHAR', '100000'],
  ['42', '+7', 'VARCHAR', '7'],
  ['42', '-0', 'VARCHAR', '0'],
  ['42', ' 7', 'VARCHAR', '7'],
  ['42', '0x1F', 'VARCHAR', '31'],
  ['42', '9223372036854775808', 'DECIMAL(38,0)', 'refused'],
  ['1.50', '12345678901234567.89', 'DECIMAL(38,2)', 12345678901234568],
  ['1.50', '0.1000000000000000055511151231257827', 'DECIMAL(38,34)', 0.1],
  ['1.50', '1e400', 'VARCHAR', 'Infinity'],
  // A double can be NaN, so this one does not differ there; but then the 1.50 before it are doubles.
  ['1.50', 'NaN', 'VARCHAR', 'NaN'],
  ['1.50', '1,50', 'VARCHAR', 'refused'],
  // Decimal commas all along are texts there as well as here: it takes a declared format to make them numbers.
  ['1,50', '2,25', 'VARCHAR', '2,25'],
  ['2024-01-31', '2024-02-01 10:20:30', 'VARCHAR', '2024-02-01'],
  ['2024-01-31', '2024-2-1', 'VARCHAR', '2024-02-01'],
  ['2024-01-31', '01/02/2024', 'VARCHAR', 'refused'],
  ['2024-01-31 10:00:00', '2024-02-01', 'VARCHAR', '2024-02-01 00:00:00'],
  ['2024-01-31 10:00:00', '2024-02-01 10:00:00+02', 'VARCHAR', '2024-02-01 10:00:00'],
  ['2024-01-31 10:00:00', '2024-02-01 10:00:00.1234567', 'VARCHAR', '2024-02-01 10:00:00.123456'],
  ['10:00', '9:5', 'VARCHAR', '09:05:00'],
  ['true', 'TRUE', 'VARCHAR', true],
  ['true', 't', 'VARCHAR', true],
  ['true', 'yes', 'VARCHAR', true],
  ['true', '1', 'VARCHAR', true],
];

test.each(SPELLINGS)('25,000 times %s, then %s: a value, and no other', async (usual, odd, type, changed) => {
  const text = `name;value\n${`a b;${usual}\n`.repeat(25_000)}a b;${odd}\n`;
  const loaded = await loadFile(await temporaryFolder(), 'in.csv', text);
  expect(loaded.result).toMatchObject({ read: 25_001, staged: 25_001, quarantined: 0 });
  expect(loaded.columns[1]).toMatchObject({ name: 'value', type });
  const values = column(loaded, 'value');
  // A number keeps its value when its column becomes wider, all else its text.
  const same = (value: string | null | undefined): unknown => (type.startsWith('DECIMAL') ? Number(value) : value);
  expect(new Set(values.slice(0, -1).map(same))).toEqual(new Set([same(usual)]));
  expect(values.at(-1)).toBe(odd);

  const alone = await duckdbAlone(loaded.path).catch(() => undefined);
  expect(alone?.at(-1)?.['value'] ?? 'refused').toEqual(changed);
});

test('a column of decimals stays exact, where DuckDB makes doubles of it', async () => {
  const loaded = await loadFile(await temporaryFolder(), 'in.csv', 'name;value\na;0.10\nb;0.20\n');
  expect(loaded.columns[1]?.type).toBe('DECIMAL(18,2)');
  expect(column(loaded, 'value')).toEqual(['0.10', '0.20']);
  expect(await duckdbAlone(loaded.path)).toEqual([
    { name: 'a', value: 0.1 },
    { name: 'b', value: 0.2 },
  ]);
});
