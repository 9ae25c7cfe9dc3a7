import { XML_LIMITS } from '../xml/xml-limits.ts';
import type { XmlEvents } from '../xml/xml-events.ts';
import { XmlParser } from '../xml/xml-parser.ts';
import type { PackageFile } from './package-file.ts';

/** Reads an XML part with the strict parser. Errors: those of `XmlParser`, by the part's name, and of `PackageFile`. */
export async function readPart(file: PackageFile, part: string, events: XmlEvents): Promise<void> {
  const parser = new XmlParser(`${file.name}!${part}`, events, XML_LIMITS);
  for await (const chunk of file.read(part)) parser.write(chunk);
  parser.end();
}

/** The elements of a small part, by local name and attributes by local name, in their order. */
export async function elementsOf(file: PackageFile, part: string, take: (element: PartElement) => void): Promise<void> {
  await readPart(file, part, {
    open: (name, attributes) => {
      take({ name: localName(name), attribute: (wanted) => attributeOf(attributes, wanted) });
    },
    text: () => undefined,
    close: () => undefined,
  });
}

export interface PartElement {
  readonly name: string;
  /** By its name, or by its local name under any prefix where none has just that name. */
  readonly attribute: (name: string) => string | undefined;
}

export function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** By its name as written, or by its local name under any prefix where the name has one. */
export function attributeOf(attributes: readonly string[], wanted: string): string | undefined {
  const local = wanted.includes(':') ? wanted.slice(wanted.indexOf(':')) : undefined;
  let other: string | undefined;
  for (let at = 0; at < attributes.length; at += 2) {
    const name = attributes[at]!;
    if (name === wanted) return attributes[at + 1];
    if (local !== undefined && name.endsWith(local)) other = attributes[at + 1];
  }
  return other;
}
