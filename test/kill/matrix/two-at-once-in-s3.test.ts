import { describe, expect, test } from 'vitest';
import { inS3 } from '../../activities/publish/bucket-destinations.ts';
import { DESTINATIONS, PARTITIONED } from '../../activities/publish/destinations.ts';
import { holdAgainstDocs } from './guarantees.ts';
import { publishedCase } from './published-case.ts';
import { holdPublication } from './run-publication.ts';

const [, , FILE, FOLDER] = DESTINATIONS;
const s3 = await inS3();

describe.each([
  s3('one Parquet file in S3', FILE!),
  s3('Parquet in S3', FOLDER!),
  s3('partitioned Parquet in S3', PARTITIONED),
])('$name', (destination) => {
  test('two workers that publish the same load at the same moment load it once', async () => {
    const { folder, place, loads, after } = await publishedCase(destination, 'merge');
    const publication = { request: await place.request({ run: 2, staged: loads.second }), attempts: 3 };
    const first = await holdPublication(folder, publication, 'committing');
    await place.publish({ run: 2, staged: loads.second });
    const { failures, tables } = await first.goOn();
    expect([failures.map(({ type }) => type), tables !== undefined]).toEqual([['DestinationBusy'], true]);
    expect(await place.state()).toEqual(after);
    expect(await place.leftovers()).toEqual([]);
    await holdAgainstDocs(destination.name, 'two at once', 'the later is tried again, loaded once');
  });

  test('of two loads that are appended at the same moment none is lost', async () => {
    const { folder, place, loads } = await publishedCase(destination, 'append');
    await place.publish({ run: 2, staged: loads.second });
    await place.publish({ run: 3, staged: loads.third });
    const both = await place.state();
    await place.restore('old');
    const publication = { request: await place.request({ run: 2, staged: loads.second }), attempts: 3 };
    const first = await holdPublication(folder, publication, 'committing');
    await place.publish({ run: 3, staged: loads.third });
    expect((await first.goOn()).tables).toBeDefined();
    expect((await place.state()).tables).toEqual(both.tables);
  });
});

test('one that is at it still when another finishes what it has noted ends as if it were alone', async () => {
  const { folder, place, loads, after } = await publishedCase(s3('partitioned Parquet in S3', PARTITIONED), 'replace');
  const publication = { request: await place.request({ run: 2, staged: loads.second }), attempts: 3 };
  const first = await holdPublication(folder, publication, 'noted what goes where');
  await place.publish({ run: 2, staged: loads.second });
  expect((await first.goOn()).tables).toBeDefined();
  expect(await place.state()).toEqual(after);
  expect(await place.leftovers()).toEqual([]);
});
