/**
 * One upload or download of a file, as the stages do it; prints what it cost.
 *
 *     node dist/bench/upload-object.js upload|download <file> <s3://bucket/key>
 */
import { openObjects } from '../activities/objects/open-objects.ts';

const [way = '', path = '', url = ''] = process.argv.slice(2);
const begun = performance.now();
const { store, key } = await openObjects(url);
const signal = new AbortController().signal;
const transfer = { signal, onBytes: () => undefined };
if (way === 'upload') await store.upload(path, key, transfer);
else {
  const object = await store.find(key, signal);
  if (!object) throw new Error(`there is no ${url}`);
  await store.download(object, path, transfer);
}
store.close();
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS / 1024 }));
