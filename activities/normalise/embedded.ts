import { AcequiaError } from '../failure/acequia-error.ts';
import { ElementJson } from '../ingest/xml/element-json.ts';
import type { XmlEvents } from '../ingest/xml/xml-events.ts';
import { XML_LIMITS } from '../ingest/xml/xml-limits.ts';
import { XmlParser } from '../ingest/xml/xml-parser.ts';
import type { EmbeddedRule } from '../../workflows/definition/index.ts';
import { csvFields } from './csv-text.ts';

/** A text that is not what it is taken for. The message is for people and quotes nothing of it. */
export class UnreadableText extends Error {}

/** What is written as text inside a record, as a value of JSON whose texts stay texts. */
export function decodeEmbedded(text: string, as: EmbeddedRule['as']): unknown {
  return DECODERS[as](text);
}

const DECODERS: Readonly<Record<EmbeddedRule['as'], (text: string) => unknown>> = { xml: fromXml, csv: fromCsv };

const encoder = new TextEncoder();

/** `{"Tx": {"Val": "129.97"}}`. */
function fromXml(text: string): unknown {
  let root: { readonly name: string; readonly element: ElementJson } | undefined;
  let json: string | undefined;
  const events: XmlEvents = {
    open: (name, attributes) => {
      if (root) root.element.open(name, attributes);
      else root = { name, element: new ElementJson(attributes) };
    },
    text: (piece) => root?.element.text(piece),
    close: () => (json = root?.element.close() ?? json),
  };
  try {
    const parser = new XmlParser('', events, XML_LIMITS);
    parser.write(encoder.encode(text));
    parser.end();
  } catch (error) {
    if (!(error instanceof AcequiaError)) throw error;
    throw new UnreadableText(`the XML is not well-formed: ${lowered(error.why ?? error.what)}`, { cause: error });
  }
  return JSON.parse(`{${JSON.stringify(root?.name ?? '')}:${json ?? 'null'}}`) as unknown;
}

/**
 * One record, with a line of names above it or without: `{"csv": {"id": "tx_1"}}`, `{"csv": {"1": "tx_1"}}`. A first line is
 * one of names where another follows and all of its fields are different words.
 */
function fromCsv(text: string): unknown {
  const rows = csvFields(text);
  if (typeof rows === 'string') throw new UnreadableText(`the CSV text cannot be read: ${rows}`);
  const [first = [], ...others] = rows;
  const isHeader = others.length > 0 && areNames(first);
  const records = isHeader ? others : rows;
  const [record = []] = records;
  if (records.length !== 1) throw new UnreadableText(`the CSV text holds ${records.length} records, one is expected`);
  if (isHeader && record.length !== first.length)
    throw new UnreadableText(`the CSV text has ${record.length} fields under ${first.length} names`);
  const names = isHeader ? first : record.map((_, index) => String(index + 1));
  return { csv: Object.fromEntries(names.map((name, index) => [name.trim(), record[index] ?? ''])) };
}

function areNames(fields: readonly string[]): boolean {
  return (
    fields.every((field) => /^\s*\p{L}[\p{L}\p{N} _.-]*$/u.test(field)) &&
    new Set(fields.map((field) => field.trim())).size === fields.length
  );
}

/** `is not well-formed.` behind a colon. */
function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
