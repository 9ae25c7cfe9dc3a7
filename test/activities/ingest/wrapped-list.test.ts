import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { loadFile } from './load-file.ts';

const document = JSON.stringify({ took: 3, data: { items: [{ id: 1 }, { id: 2 }, { id: 3 }] } });

test('a document that is one record around a list: the list is named, as what may be meant', async () => {
  const { report } = await loadFile(await temporaryFolder(), 'in.json', document);
  expect(report.files[0]?.warnings).toEqual([
    'it is one record, with a list of 3 in data.items: where those are the records, name data.items as their path',
  ]);
});

test.each([
  ['whose list is named', document, { records: 'data.items' }],
  ['with a list of one', JSON.stringify({ id: 1, items: [{ id: 2 }] }), {}],
  [
    'that is a list itself',
    JSON.stringify([
      { id: 1, items: [{ n: 1 }, { n: 2 }] },
      { id: 2, items: [] },
    ]),
    {},
  ],
])('nothing is said of a document %s', async (_, text, source) => {
  const { report } = await loadFile(await temporaryFolder(), 'in.json', text, source);
  expect(report.files[0]?.warnings).toEqual([]);
});
