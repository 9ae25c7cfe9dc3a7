import { ByteWriter } from './byte-writer.ts';
import type { Carrier } from './layout.ts';
import { type ThriftStruct, writeStruct } from './thrift.ts';

/** A column of a Parquet file, as its rows carry it. All columns may be NULL. */
export interface ParquetColumn {
  readonly name: string;
  readonly carrier: Carrier;
}

/** One column of a row group, as the footer tells of it. Places are from the start of the row group. */
export interface ChunkMeta {
  readonly encodings: readonly number[];
  /** Where its dictionary is, if it has one, and its first page of values. */
  readonly dictionaryAt: number | undefined;
  readonly valuesAt: number;
  readonly uncompressed: number;
  readonly compressed: number;
  readonly nulls: number;
  /** In PLAIN encoding; absent where they are not known. */
  readonly least: Uint8Array | undefined;
  readonly greatest: Uint8Array | undefined;
}

/** A row group in its file, as the footer tells of it. Can be sent between threads. */
export interface RowGroupMeta {
  readonly rows: number;
  /** Bytes of the file. */
  readonly start: number;
  readonly end: number;
  readonly chunks: readonly ChunkMeta[];
}

export const PLAIN = 0;
export const RLE = 3;
export const DELTA = 5;
export const DICTIONARY = 8;

const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const SNAPPY = 1;
const OPTIONAL = 1;

/** Physical and converted types, by carrier. A timestamp without a zone has no converted type: the only one there is means UTC. */
const PHYSICAL = { text: 6, integer: 2, decimal: 2, boolean: 0, date: 1, timestamp: 2, timestamptz: 2 };
const CONVERTED = {
  text: 0,
  integer: 18,
  decimal: 5,
  boolean: undefined,
  date: 6,
  timestamp: undefined,
  timestamptz: 10,
};

export function writeDataPageHeader(
  out: ByteWriter,
  page: { readonly rows: number; readonly encoding: number; readonly plainBytes: number; readonly bytes: number },
): void {
  writeStruct(out, (header) =>
    header
      .i32(1, DATA_PAGE)
      .i32(2, page.plainBytes)
      .i32(3, page.bytes)
      .struct(5, (data) => data.i32(1, page.rows).i32(2, page.encoding).i32(3, RLE).i32(4, RLE)),
  );
}

export function writeDictionaryHeader(
  out: ByteWriter,
  page: { readonly entries: number; readonly plainBytes: number; readonly bytes: number },
): void {
  writeStruct(out, (header) =>
    header
      .i32(1, DICTIONARY_PAGE)
      .i32(2, page.plainBytes)
      .i32(3, page.bytes)
      .struct(7, (dictionary) => dictionary.i32(1, page.entries).i32(2, PLAIN)),
  );
}

/** The file's metadata, without its length and the magic bytes behind it. */
export function footerBytes(columns: readonly ParquetColumn[], groups: readonly RowGroupMeta[]): Uint8Array {
  const out = new ByteWriter(1 << 16);
  writeStruct(out, (file) =>
    file
      .i32(1, 2)
      .structs(2, [undefined, ...columns], (element, column) => {
        if (column === undefined) element.string(4, 'schema').i32(5, columns.length);
        else writeSchema(element, column);
      })
      .i64(
        3,
        groups.reduce((sum, { rows }) => sum + rows, 0),
      )
      .structs(4, groups, (struct, group) => writeGroup(struct, columns, group))
      .string(6, 'acequia')
      // Least and greatest values mean something only where their order is said: that of the type.
      .structs(7, columns, (order) => order.struct(1, () => undefined)),
  );
  return out.written();
}

function writeSchema(element: ThriftStruct, { name, carrier }: ParquetColumn): void {
  element.i32(1, PHYSICAL[carrier.kind]).i32(3, OPTIONAL).string(4, name);
  const converted = CONVERTED[carrier.kind];
  if (converted !== undefined) element.i32(6, converted);
  if (carrier.kind === 'decimal') element.i32(7, carrier.scale).i32(8, carrier.precision);
  if (carrier.kind !== 'boolean' && carrier.kind !== 'integer') {
    element.struct(10, (logical) => writeLogicalType(logical, carrier));
  }
}

function writeLogicalType(logical: ThriftStruct, carrier: Carrier): void {
  if (carrier.kind === 'text') logical.struct(1, () => undefined);
  else if (carrier.kind === 'decimal') {
    logical.struct(5, (decimal) => decimal.i32(1, carrier.scale).i32(2, carrier.precision));
  } else if (carrier.kind === 'date') logical.struct(6, () => undefined);
  else if (carrier.kind === 'timestamp' || carrier.kind === 'timestamptz') {
    const isUtc = carrier.kind === 'timestamptz';
    logical.struct(8, (timestamp) => timestamp.bool(1, isUtc).struct(2, (unit) => unit.struct(2, () => undefined)));
  }
}

function writeGroup(struct: ThriftStruct, columns: readonly ParquetColumn[], group: RowGroupMeta): void {
  const { rows, start, end, chunks } = group;
  struct
    .structs(1, chunks, (chunk, meta, index) => {
      const column = columns[index]!;
      chunk
        .i64(2, start + (meta.dictionaryAt ?? meta.valuesAt))
        .struct(3, (data) => writeChunk(data, column, meta, rows, start));
    })
    .i64(
      2,
      chunks.reduce((sum, { uncompressed }) => sum + uncompressed, 0),
    )
    .i64(3, rows)
    .i64(5, start)
    .i64(6, end - start);
}

function writeChunk(data: ThriftStruct, column: ParquetColumn, meta: ChunkMeta, rows: number, start: number): void {
  data
    .i32(1, PHYSICAL[column.carrier.kind])
    .i32s(2, meta.encodings)
    .strings(3, [column.name])
    .i32(4, SNAPPY)
    .i64(5, rows)
    .i64(6, meta.uncompressed)
    .i64(7, meta.compressed)
    .i64(9, start + meta.valuesAt);
  if (meta.dictionaryAt !== undefined) data.i64(11, start + meta.dictionaryAt);
  data.struct(12, (statistics) => {
    statistics.i64(3, meta.nulls);
    if (meta.greatest) statistics.binary(5, meta.greatest);
    if (meta.least) statistics.binary(6, meta.least);
  });
}
