import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { publishAs, type Destination } from './destinations.ts';
import { comparableImage, imageOf, loads, model, queryOf, type Image } from './random-loads.ts';
import { cancelledAt } from './shop.ts';
import { WAYS } from './ways.ts';

/**
 * Random loads one after another leave what a model in memory holds. Each is first cancelled just before it would be
 * seen, which must leave the old rows; then published; then published again by a later run, which must change nothing.
 */
export function holdAgainstModel(destinations: readonly Destination[], numRuns: number): void {
  describe.each(destinations)('$name', (destination) => {
    test.each(WAYS)('$name: any loads leave what the model says', async (way) => {
      const folder = await temporaryFolder();
      const table: TablePlan = {
        ...way,
        name: 'sales',
        vanishAtMost: 1,
        from: 'source',
        columns: [],
        key: way.mode === 'append' ? [] : ['id'],
        references: [],
        indexes: [],
        ...(destination.partitionBy ? { partitionBy: destination.partitionBy } : {}),
      };
      await fc.assert(
        fc.asyncProperty(loads, async (sequence) => {
          const place = { ...destination, folder: await mkdtemp(join(folder, 'run-')) };
          const read = async () =>
            comparableImage(imageOf(await destination.read(join(place.folder, place.path), 'sales', way.mode)));
          const seen = new Set<string>();
          let image: Image = { rows: [], past: [] };
          for (const [index, load] of sequence.entries()) {
            const staged = [await stage(place.folder, 'sales', queryOf(load))];
            const at = (minutes: number) => ({
              requestedAt: new Date(Date.UTC(2026, 0, 1, index, minutes)).toISOString(),
            });
            const cut = publishAs(place, `${index}-cut`, [table], staged, at(0), cancelledAt(destination.lastMoment));
            await expect(cut).rejects.toThrow('cancelled');
            if (index > 0) expect(await read()).toEqual(comparableImage(image));
            const { after, counts } = model(way, image, seen, load);
            const [first] = await publishAs(place, `${index}-first`, [table], staged, at(1));
            expect(first).toMatchObject({ rows: load.length, ...counts });
            // What `contradictionsIn` relies on.
            expect(counts.inserted + counts.updated + counts.unchanged).toBe(load.length);
            image = after;
            // A folder in which no partition is left has no file that a reader could be asked about.
            if (destination.partitionBy && image.rows.length + image.past.length === 0) return;
            expect(await read()).toEqual(comparableImage(image));
            const [again] = await publishAs(place, `${index}-again`, [table], staged, at(2));
            expect(again).toMatchObject({ inserted: 0, updated: 0, removed: 0, unchanged: load.length });
            expect(again?.digest).toBe(first?.digest);
            expect(await read()).toEqual(comparableImage(image));
          }
        }),
        { numRuns, endOnFailure: true },
      );
    });
  });
}
