import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOAD_MODES, type TablePlan } from '../../../workflows/definition/index.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { DESTINATIONS, publishAs } from './destinations.ts';
import { comparable, loads, model, queryOf, type Row } from './random-loads.ts';
import { cancelledAt } from './shop.ts';

/**
 * Random loads one after another leave what a model in memory holds. Each is first cancelled just before it would be
 * seen, which must leave the old rows; then published; then published again by a later run, which must change nothing.
 */
describe.each(DESTINATIONS)('$name', (destination) => {
  test.each(LOAD_MODES)('%s: any loads leave what the model says', async (mode) => {
    const folder = await temporaryFolder();
    const table: TablePlan = {
      name: 'sales',
      mode,
      from: 'source',
      columns: [],
      key: mode === 'append' ? [] : ['id'],
      references: [],
      indexes: [],
    };
    await fc.assert(
      fc.asyncProperty(loads, async (sequence) => {
        const place = { ...destination, folder: await mkdtemp(join(folder, 'run-')) };
        const read = () => destination.read(join(place.folder, place.path), 'sales', mode).then(comparable);
        const seen = new Set<string>();
        let rows: readonly Row[] = [];
        for (const [index, load] of sequence.entries()) {
          const staged = [await stage(place.folder, 'sales', queryOf(load))];
          const publish = (run: string, work?: ReturnType<typeof cancelledAt>) =>
            publishAs(place, `${index}-${run}`, [table], staged, {}, work);
          await expect(publish('cut', cancelledAt('committing'))).rejects.toThrow('cancelled');
          if (index > 0) expect(await read()).toEqual(comparable(rows));
          const { rows: after, ...counts } = model(mode, rows, seen, load);
          const [first] = await publish('first');
          expect(first).toMatchObject({ rows: load.length, ...counts });
          rows = after;
          expect(await read()).toEqual(comparable(rows));
          const [again] = await publish('again');
          expect(again).toMatchObject({ inserted: 0, updated: 0, removed: 0, unchanged: load.length });
          expect(again?.digest).toBe(first?.digest);
          expect(await read()).toEqual(comparable(rows));
        }
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
