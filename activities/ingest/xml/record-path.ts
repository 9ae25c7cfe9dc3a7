import { AcequiaError } from '../../failure/acequia-error.ts';

/** One step of the way to the records. A name without prefix is a local name: any prefix fits. */
interface Step {
  readonly name: string;
  readonly anyPrefix: boolean;
}

/** The path of the record elements from the document's root: `orders/order`. */
export type RecordPath = readonly Step[];

/** Reads `orders/order`, `/soap:Envelope/soap:Body/orders/order`. Error `DefinitionInvalid`: no path. */
export function parseRecordPath(text: string): RecordPath {
  const names = text.replace(/^\//, '').split('/');
  if (names.every((name) => /^[^\s<>&"'/=[\]@*()]+$/.test(name))) {
    return names.map((name) => ({ name, anyPrefix: !name.includes(':') }));
  }
  throw new AcequiaError('DefinitionInvalid', {
    what: `"${text}" is no path of record elements.`,
    remedy: 'write the names of the elements from the root to the records, with slashes between: orders/order',
  });
}

/** Whether the element `name`, as written in the file, is what the step asks for. */
export function fitsStep(step: Step, name: string): boolean {
  if (name === step.name) return true;
  return step.anyPrefix && name.length > step.name.length && name.endsWith(step.name) && localName(name) === step.name;
}

export function recordPathText(path: RecordPath): string {
  return path.map(({ name }) => name).join('/');
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
