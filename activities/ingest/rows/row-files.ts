import { provenanceOf } from '../../names/provenance.ts';
import { closeSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RowColumn, RowLayout, RowTable } from './layout.ts';
import {
  createParquetFile,
  finishParquet,
  type ParquetColumn,
  type RowGroupMeta,
  type SharedOffset,
} from './parquet-file.ts';
import { RowBuilder } from './row-builder.ts';
import type { RowFile } from './reading.ts';

/** Provenance of records that cannot be read. */
const BROKEN_PROVENANCE = ['_line', '_offset', '_length', 'reason', 'record'] as const;

/** One of the files that a reading writes: what is in it, and what it is called. */
export interface RowFilePlan {
  readonly file: string;
  readonly columns: readonly RowColumn[];
  readonly provenance: readonly string[];
}

/** An open row file, as threads are told of it. */
export interface OpenRowFile {
  readonly fd: number;
  readonly offset: SharedOffset;
}

/** For each table its good rows and its suspects, one after the other; at the end the broken records. */
export function planRowFiles(layout: RowLayout): RowFilePlan[] {
  const tables = layout.tables.flatMap((table, index) => {
    const provenance = provenanceOf(table.path, layout.key, layout.tables);
    return [
      { file: `${index}-good.parquet`, columns: table.columns, provenance },
      { file: `${index}-suspect.parquet`, columns: asText(table), provenance },
    ];
  });
  return [...tables, { file: 'broken.parquet', columns: [], provenance: BROKEN_PROVENANCE }];
}

/** Suspects are judged by the strict casts: here they are texts, and nothing is required of them. */
function asText(table: RowTable): RowColumn[] {
  return table.columns.map((column) => ({
    ...column,
    carrier: { kind: 'text' },
    required: false,
    onMisfit: 'suspect',
  }));
}

/** The row files of one reading, in the thread that asked for it. */
export class RowFiles {
  /** For the threads that write. */
  readonly threads: readonly OpenRowFile[];
  private readonly folder: string;
  private readonly plans: readonly RowFilePlan[];
  private readonly open = new Set<number>();
  private readonly unfinished = new Set<number>();

  constructor(folder: string, plans: readonly RowFilePlan[]) {
    this.folder = folder;
    this.plans = plans;
    const files: OpenRowFile[] = [];
    this.threads = files;
    try {
      for (const [index, { file }] of plans.entries()) {
        files.push(createParquetFile(join(folder, file)));
        this.open.add(index);
        this.unfinished.add(index);
      }
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Completes the files that have rows, and removes the others. `groups`: of each file, in the order of the rows. */
  async finish(groups: readonly (readonly RowGroupMeta[])[]): Promise<(RowFile | undefined)[]> {
    const finished: (RowFile | undefined)[] = [];
    for (const [index, { file, columns, provenance }] of this.plans.entries()) {
      const of = groups[index] ?? [];
      if (of.length === 0) {
        this.drop(index);
        finished.push(undefined);
        continue;
      }
      this.open.delete(index);
      const { rows } = await finishParquet(this.threads[index]!.fd, parquetColumns(columns, provenance), of);
      this.unfinished.delete(index);
      finished.push({ path: join(this.folder, file), rows });
    }
    return finished;
  }

  /** Closes and removes what was not finished. */
  discard(): void {
    for (const index of Array.from(this.unfinished)) this.drop(index);
  }

  private drop(index: number): void {
    if (this.open.delete(index)) closeSync(this.threads[index]!.fd);
    this.unfinished.delete(index);
    unlinkSync(join(this.folder, this.plans[index]!.file));
  }
}

function parquetColumns(columns: readonly RowColumn[], provenance: readonly string[]): ParquetColumn[] {
  return new RowBuilder(columns, provenance).buffers.map(({ name, carrier }) => ({ name, carrier }));
}
