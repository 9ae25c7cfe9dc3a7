import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { Work } from '../../progress.ts';
import type { OpenedFile } from '../files/open-file.ts';
import { inThread } from '../threads/in-thread.ts';
import { findRecords } from '../xml/find-records.ts';
import type { Description } from './description.ts';

/** Up to so many bytes a thread would take longer to start. */
const SMALL_BYTES = 256 << 10;

/** Finds which elements are the records, where that is not declared. */
export async function describeXml(file: OpenedFile, source: SourcePlan, work: Work): Promise<Description> {
  const records = source.records ?? (await foundRecords(file, work));
  const told = source.records === undefined ? `records are ${records}` : '';
  return { format: { kind: 'xml', records }, dialect: told, confidence: 1, warnings: [] };
}

async function foundRecords({ path, name, bytes }: OpenedFile, work: Work): Promise<string> {
  work.report({ step: `looking at ${name}`, bytes: 0, totalBytes: bytes });
  if (bytes <= SMALL_BYTES) return findRecords(path, name);
  return inThread('activities/ingest/xml/find-records.thread.ts', { path, name }, () => undefined, work.signal);
}
