import { AcequiaError } from '../../failure/acequia-error.ts';

/** A place in a file, for people. */
export interface JsonPlace {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in bytes. */
  readonly column: number;
}

/** The file around its records is broken: where they stand cannot be relied on, and nothing of it is loaded. */
export function jsonCorrupt({ name, line, column }: JsonPlace, why: string): AcequiaError {
  return new AcequiaError('SourceCorrupt', {
    what: `${name} is no JSON: ${why}`,
    where: `${name}:${line}:${column}`,
    why: 'What encloses the records is broken, so where they begin and end cannot be known',
    remedy: 'have the file written again, or mend it there; if each line is a record of its own, name it .jsonl',
  });
}

/** The list of records is not where it was said to be. */
export function recordsMissing({ name, line, column }: JsonPlace, records: string, why: string): AcequiaError {
  return new AcequiaError('SourceUnreadable', {
    what: `${name} has no records at "${records}"`,
    where: `${name}:${line}:${column}`,
    why,
    remedy: 'say where the list of records stands, as in records: data.items',
  });
}
