import { open } from 'node:fs/promises';
import type { SourcePlan } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../failure/closest.ts';
import { LIMITS } from './csv-record.ts';
import { fieldText } from './record-text.ts';
import { sourceEmpty } from './source-file.ts';
import { Tokenizer } from './tokenizer.ts';

export interface Header {
  /** 1-based line; above 1 where empty lines stand before it. */
  readonly line: number;
  readonly names: readonly string[];
}

/** How the contract's columns lie in the file. */
export interface HeldHeader {
  /** For each contract column, in order, the index of its field in the file. */
  readonly projection: readonly number[];
  /** Names in the file that the contract does not have, in the file's order. */
  readonly extra: readonly string[];
}

/** Reads the first record. Errors: `SourceEmpty`, `ContractBreach` when it cannot be read as a header. */
export async function readHeader(landedPath: string, source: SourcePlan): Promise<Header> {
  let header: Header | undefined;
  let defect: string | undefined;
  const tokenizer = new Tokenizer(source, (record) => {
    tokenizer.stop();
    defect = record.defect;
    const kept = Math.min(record.fields, record.from.length);
    const names =
      defect === undefined ? Array.from({ length: kept }, (_, i) => fieldText(record, i, source.quote) ?? '') : [];
    header = { line: record.line, names };
  });
  const handle = await open(landedPath, 'r');
  try {
    let window = Buffer.alloc(64 * 1024);
    for (let held = 0, base = 0; header === undefined;) {
      if (held === window.length) window = Buffer.concat([window, Buffer.alloc(Math.min(held, LIMITS.recordBytes))]);
      const { bytesRead } = await handle.read(window, held, window.length - held, null);
      held += bytesRead;
      const taken = tokenizer.consume(window.subarray(0, held), base, bytesRead === 0);
      if (bytesRead === 0) break;
      window.copyWithin(0, taken, held);
      held -= taken;
      base += taken;
    }
  } finally {
    await handle.close();
  }
  if (header === undefined) throw sourceEmpty(source.path, 'The file has no header line: it holds only empty lines.');
  if (defect === undefined) return header;
  throw new AcequiaError('ContractBreach', {
    what: `The header line cannot be read: ${defect}.`,
    where: `${source.path}:${header.line}`,
    remedy: 'mend the first line of the file; it names the columns, in UTF-8',
  });
}

/** Holds a header against the contract. Error `ContractBreach`: a promised column is missing or stands there twice. */
export function holdHeader(header: Header, source: SourcePlan): HeldHeader {
  const where = `${source.path}:${header.line}`;
  const found = `The header is: ${header.names.map((name) => JSON.stringify(name)).join(', ')}`;
  const promised = new Set(source.columns.map((column) => column.name));
  const extra = header.names.filter((name) => !promised.has(name));

  const missing = source.columns.filter((column) => !header.names.includes(column.name));
  if (missing.length > 0) {
    const named = missing.map((column) => `"${column.name}"`).join(', ');
    const hints = missing.map((column) => closest(column.name, extra)).join('');
    throw new AcequiaError('ContractBreach', {
      what: `The file lacks the promised ${missing.length === 1 ? 'column' : 'columns'} ${named}.${hints}`,
      where,
      why: found,
      remedy: dialectHint(header, source) ?? `add the column to the file, or mend sources.${source.name}.columns`,
    });
  }
  const twice = source.columns.find((column) => header.names.filter((name) => name === column.name).length > 1);
  if (twice) {
    throw new AcequiaError('ContractBreach', {
      what: `The promised column "${twice.name}" stands in the header more than once.`,
      where,
      why: found,
      remedy: 'rename or drop one of them in the file: which one is meant cannot be told',
    });
  }
  if (extra.length > 0 && source.newColumns === 'fail') {
    throw new AcequiaError('ContractBreach', {
      what: `The file has columns that the contract does not name: ${extra.map((name) => `"${name}"`).join(', ')}.`,
      where,
      why: `sources.${source.name}.newColumns is 'fail'. ${found}`,
      remedy: `add them to sources.${source.name}.columns, or set newColumns: 'warn' to leave them out`,
    });
  }
  return { projection: source.columns.map((column) => header.names.indexOf(column.name)), extra };
}

/** When the whole header is one name that another delimiter would split into promised ones. */
function dialectHint(header: Header, source: SourcePlan): string | undefined {
  if (header.names.length !== 1) return undefined;
  const promised = new Set(source.columns.map((column) => column.name));
  const other = [',', ';', '\t', '|'].find((delimiter) => {
    const parts = (header.names[0] ?? '').split(delimiter);
    return parts.length > 1 && parts.some((part) => promised.has(part));
  });
  return (
    other &&
    `the file seems to be written with ${JSON.stringify(other)} between fields: set sources.${source.name}.dialect.delimiter`
  );
}
