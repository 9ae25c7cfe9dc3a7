import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRecords } from '../../../../activities/ingest/xml/find-records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function found(document: string): Promise<string> {
  const path = join(await temporaryFolder(), 'in.xml');
  writeFileSync(path, document);
  return findRecords(path, 'in.xml');
}

describe('the records are the shallowest elements that repeat', () => {
  test.each([
    ['<orders day="1"><order><i/><i/></order><order/></orders>', 'orders/order'],
    ['<s:E xmlns:s="u"><s:B><r><o>1</o><o>2</o></r></s:B></s:E>', 's:E/s:B/r/o'],
    ['<!DOCTYPE a [<!-- > -->]><a><!-- <b/><b/> --><?b <b/>?><c/><c/></a>', 'a/c'],
    ['<a><g><r/><r/></g><g><r/></g></a>', 'a/g'],
    ['<a/>', 'a/record'],
  ])('%s', async (document, path) => expect(await found(document)).toBe(path));
});

describe('it is refused where something else would be lost, with what it could be', () => {
  test.each([
    ['one record only', '<orders><order><id>1</id></order></orders>', 'orders or orders/order or orders/order/id'],
    ['one record with a list', '<order><id>1</id><item/><item/></order>', 'order/item or order'],
    [
      'one record with a list, below',
      '<orders><order id="1"><item/><item/></order></orders>',
      'orders/order/item or orders/order or orders',
    ],
    ['two lists', '<a><b/><b/><c/><c/></a>', 'a/b or a/c'],
    ['text around', '<a>x<b/><b/></a>', 'a/b or a'],
  ])('%s', async (_, document, candidates) => {
    await expect(found(document)).rejects.toMatchObject({ type: 'SourceRefused', why: `It could be ${candidates}.` });
  });
});
