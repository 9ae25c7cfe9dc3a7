import { expect, test } from 'vitest';
import { DESTINATIONS, place, SERVED, table } from './destinations.ts';

/** A file system of the machine itself, on which nobody makes a folder, not even root. */
const READ_ONLY = '../../../../../../../sys';

test.each([...DESTINATIONS, SERVED[1]!])('a read-only folder is told as that ($name)', async (destination) => {
  const { load } = await place({ ...destination, path: `${READ_ONLY}/${destination.path}` });
  await expect(load(table('append'), 'SELECT 1 AS id')).rejects.toMatchObject({ type: 'PermissionDenied', where: expect.stringMatching(/^\/sys\/out/) as string });
}); // prettier-ignore
