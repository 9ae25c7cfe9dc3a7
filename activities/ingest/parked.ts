import { AcequiaError, FAILURES } from '../failure/acequia-error.ts';

/** A file that could not be read and was left aside. */
export interface ParkedSourceFile {
  /** For people. */
  readonly name: string;
  readonly error: AcequiaError;
  readonly origin: FileOrigin;
}

/** Whether a file is one of the source's own, or was handed in with corrected records of it. */
export type FileOrigin = 'own' | 'correction';

/** What is wrong with one file and will stay so: it costs that file, and the others go on. */
const OF_ONE_FILE: readonly string[] = [
  'SourceMissing',
  'SourceUnreadable',
  'SourceWrongType',
  'SourceEmpty',
  'SourceCorrupt',
  'SourceRefused',
  'BucketDenied',
  'SourceInfected',
  'SourceEncoding',
  'DialectUnsure',
  'ContractBreach',
  'ReadersDisagree',
];

export function costsOneFile(error: unknown): error is AcequiaError {
  return error instanceof AcequiaError && FAILURES[error.type] === 'terminal' && OF_ONE_FILE.includes(error.type);
}
