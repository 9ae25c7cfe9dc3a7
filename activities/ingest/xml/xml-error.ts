import { AcequiaError } from '../../failure/acequia-error.ts';

/** Where in a file: 1-based line and column. */
export interface XmlPlace {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** The document is not well-formed: nothing of it is loaded. */
export function xmlCorrupt(place: XmlPlace, why: string): AcequiaError {
  return new AcequiaError('SourceCorrupt', {
    what: 'The XML document is not well-formed.',
    where: whereOf(place),
    why,
    remedy: 'ask for the file again, whole, or mend it there',
  });
}

/** The document may be well-formed and is not read, as a matter of safety. */
export function xmlRefused(place: XmlPlace, why: string, remedy: string): AcequiaError {
  return new AcequiaError('SourceRefused', {
    what: 'The XML document is refused.',
    where: whereOf(place),
    why,
    remedy,
  });
}

/** Which elements are the records cannot be told. */
export function recordsUnknown(file: string, what: string, candidates: readonly string[]): AcequiaError {
  return new AcequiaError('SourceRefused', {
    what,
    where: file,
    ...(candidates.length > 0 ? { why: `It could be ${candidates.join(' or ')}.` } : {}),
    remedy: `say which elements are the records, as the path of their names: records: '${candidates[0] ?? 'orders/order'}'`,
  });
}

function whereOf({ file, line, column }: XmlPlace): string {
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}
