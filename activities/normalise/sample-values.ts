import { memberPath, type EmbeddedRule } from '../../workflows/definition/index.ts';
import { readRecord } from './read-record.ts';

/** The texts that stand at each path of some records, those left out that are blank; numbers in their own digits. */
export type SampleValues = ReadonlyMap<string, readonly string[]>;

/** @param records valid JSON; one that cannot be read adds nothing */
export function sampleValues(records: readonly string[], embedded: readonly EmbeddedRule[]): SampleValues {
  const values = new Map<string, string[]>();
  for (const record of records) {
    const read = readRecord(record, embedded);
    if (typeof read !== 'string') collect(JSON.parse(read.values), '', values);
  }
  return values;
}

function collect(value: unknown, path: string, values: Map<string, string[]>): void {
  if (Array.isArray(value)) {
    for (const element of value) collect(element, `${path}[]`, values);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) collect(member, memberPath(path, name), values);
  } else if (typeof value === 'string' || typeof value === 'boolean') {
    const text = String(value);
    if (text.trim() === '') return;
    const there = values.get(path);
    if (there) there.push(text);
    else values.set(path, [text]);
  }
}
