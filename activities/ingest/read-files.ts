import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourcePlan } from '../../workflows/definition/index.ts';
import type { Work } from '../progress.ts';
import { holdHeader, holdPaths, type Header, type HeldHeader } from './contract/header.ts';
import { inFileOrder, isKnown, settleFindings, takesNewColumns } from './contract/settle.ts';
import { layoutOf, type Settled } from './contract/settled.ts';
import { describeFile } from './describe/describe-file.ts';
import type { Description, FileFormatJob } from './describe/description.ts';
import type { AcequiaError } from '../failure/acequia-error.ts';
import type { OpenedFile } from './files/open-file.ts';
import { costsOneFile, type FileOrigin, type ParkedSourceFile } from './parked.ts';
import { readRowsOf } from './read-rows-of.ts';
import type { RowLayout } from './rows/layout.ts';
import { NO_EVIDENCE } from './types/evidence.ts';
import type { FieldFinding, RowsSummary } from './rows/reading.ts';

/** Bytes from a file's start that give a first idea of its columns. Whatever they say is proven by the load. */
const SAMPLE_BYTES = 1 << 20;
/** Files whose start is looked at; the columns of further ones are found when they are read. */
const SAMPLED_FILES = 4;
const THREADS = 2;
/** Bytes that one thread reads sooner than a second one starts. */
const ONE_THREAD = 1 << 20;
/** A layout grows with each pass. One that still changes after so many never ends. */
const MOST_PASSES = 100;

/** A file, how it is written, and what came of reading it. */
export interface FileRows {
  readonly file: OpenedFile;
  readonly origin: FileOrigin;
  readonly description: Description;
  readonly layout: RowLayout;
  readonly summary: RowsSummary;
}

/**
 * Reads all files of a source into rows of one layout. What a file shows that the layout does not know settles it anew,
 * and what was read with an older one is read again, until all files agree: types are taken optimistically, and proven
 * on every row. A file that cannot be read is parked; the others go on.
 */
export class SourceReading {
  settled: Settled;
  readonly parked: ParkedSourceFile[] = [];
  private readonly source: SourcePlan;
  /** A folder of our own, for row files. */
  private readonly folder: string;
  private readonly work: Work;
  private readonly files: Reading[] = [];
  /** Fields of the first file that says which it has. */
  private order: readonly string[] | undefined;
  private passes = 0;
  private reads = 0;

  constructor(source: SourcePlan, settled: Settled, folder: string, work: Work) {
    this.source = source;
    this.settled = settled;
    this.folder = folder;
    this.work = work;
  }

  /**
   * Takes a file in: finds out how it is written, holds its header against the contract, and looks at its first rows where
   * there are columns to find out about.
   */
  async add(found: OpenedFile, origin: FileOrigin): Promise<void> {
    const file = { ...found, name: this.ownName(found.name) };
    // Corrections are written by whoever corrects, whatever the source declares of its own files.
    const written = origin === 'own' ? this.source : { ...this.source, dialect: {} };
    await this.orPark({ file, origin }, async () => {
      const description = await describeFile(file, written, this.work);
      const { header, holds } = description;
      const held = header ? holdHeader(header, this.settled, this.source) : undefined;
      const reading: Reading = {
        file,
        origin,
        description,
        format: held ? withFields(description.format, held.fields) : description.format,
        ...(held ? { fields: held.fields } : {}),
      };
      const promised = holds ? holdPaths(file.name, holds, this.settled, this.source) : this.settled;
      const settled = header && held ? this.settleHeader(held, header) : promised;
      this.order ??= held?.fields ?? holds;
      this.settle(await this.look(reading, settled));
      this.files.push(reading);
    });
  }

  /** New columns that will not be taken in need no look at their values. */
  private settleHeader({ settled, fields }: HeldHeader, { file, line }: Header): Settled {
    if (takesNewColumns(this.source)) return settled;
    return settleFindings(this.source, settled, headerFindings(settled, fields, line), file);
  }

  /** What was found out: the columns in the order that the source asks for. */
  private settle(settled: Settled): void {
    this.settled = this.source.columnOrder === 'files' ? inFileOrder(settled, this.order ?? []) : settled;
  }

  private async look(reading: Reading, settled: Settled): Promise<Settled> {
    const { file, fields } = reading;
    const allKnown = fields?.every((field) => isKnown(settled, '', field)) ?? false;
    if (allKnown || this.files.length >= SAMPLED_FILES) return settled;
    const layout = layoutOf(settled, this.source, file.name, fields);
    const { findings } = await this.read(reading, layout, this.folder, SAMPLE_BYTES);
    return settleFindings(this.source, settled, findings, file.name);
  }

  /** Reads the files, each as often as the layout for it has changed. */
  async rows(): Promise<FileRows[]> {
    for (;;) {
      const stale = this.files.filter((one) => one.read?.with !== this.keyFor(one));
      if (stale.length === 0) break;
      this.passes += 1;
      if (this.passes > MOST_PASSES) throw new Error(`The layout of ${this.source.name} does not settle.`);
      for (const one of stale) await this.readOnce(one);
    }
    await this.takeHeaders();
    return this.files.flatMap(({ file, origin, description, read }) =>
      read ? [{ file, origin, description, ...read }] : [],
    );
  }

  /** Parks a file whose rows, as it turned out, cannot be taken. */
  async leave(name: string, error: AcequiaError): Promise<void> {
    const index = this.files.findIndex(({ file }) => file.name === name);
    const [left] = index < 0 ? [] : this.files.splice(index, 1);
    if (left?.read) await rm(left.read.folder, { recursive: true, force: true });
    this.parked.push({ name, error, origin: left?.origin ?? 'own' });
  }

  /** Rows are told apart by their file's name: corrections may be called as what they correct. */
  private ownName(name: string): string {
    let own = name;
    for (let number = 2; this.files.some(({ file }) => file.name === own); number += 1) own = `${name} (${number})`;
    return own;
  }

  private async readOnce(one: Reading): Promise<void> {
    const layout = this.layoutFor(one);
    const done = await this.orPark(one, async () => {
      // Row files of an older layout are of no use to anybody.
      if (one.read) await rm(one.read.folder, { recursive: true, force: true });
      const folder = join(this.folder, `rows-${this.reads}`);
      this.reads += 1;
      await mkdir(folder);
      const summary = await this.read(one, layout, folder);
      one.read = { layout, summary, folder, with: JSON.stringify(layout) };
      this.settle(settleFindings(this.source, this.settled, summary.findings, one.file.name));
    });
    if (!done) this.files.splice(this.files.indexOf(one), 1);
  }

  /**
   * A column exists by its header alone, also where no record shows it. Last, as a value in any other file says more of
   * its type. Nothing is read again for it: there is nothing to read.
   */
  private async takeHeaders(): Promise<void> {
    for (const one of Array.from(this.files)) {
      const { file, fields = [], description, read } = one;
      if (read === undefined || read.summary.records > read.summary.broken) continue;
      const findings = headerFindings(this.settled, fields, description.header?.line ?? 0);
      const done = await this.orPark(one, () =>
        this.settle(settleFindings(this.source, this.settled, findings, file.name)),
      );
      if (!done) this.files.splice(this.files.indexOf(one), 1);
    }
  }

  private layoutFor({ file, fields }: Reading): RowLayout {
    return layoutOf(this.settled, this.source, file.name, fields);
  }

  private keyFor(one: Reading): string {
    return JSON.stringify(this.layoutFor(one));
  }

  private async read(
    { file, format }: Pick<Reading, 'file' | 'format'>,
    layout: RowLayout,
    folder: string,
    sampleBytes?: number,
  ): Promise<RowsSummary> {
    const step = `${sampleBytes === undefined ? 'reading' : 'looking at'} ${file.name}`;
    const tell = (bytes: number, rows: number): void => this.work.report({ step, bytes, rows, totalBytes: file.bytes });
    tell(0, 0);
    const threads = Math.min(file.bytes, sampleBytes ?? Infinity) > ONE_THREAD ? THREADS : 1;
    const job = { path: file.path, name: file.name, format, layout, folder, threads };
    const sample = sampleBytes === undefined ? {} : { sampleBytes };
    return readRowsOf({ ...job, ...sample }, tell, this.work.signal);
  }

  private async orPark(
    { file, origin }: Pick<Reading, 'file' | 'origin'>,
    read: () => Promise<void> | void,
  ): Promise<boolean> {
    try {
      await read();
      return true;
    } catch (error) {
      this.work.signal.throwIfAborted();
      if (!costsOneFile(error)) throw error;
      this.parked.push({ name: file.name, error, origin });
      return false;
    }
  }
}

interface Reading {
  readonly file: OpenedFile;
  readonly origin: FileOrigin;
  readonly description: Description;
  readonly format: FileFormatJob;
  readonly fields?: readonly string[];
  /** The last time it was read; `with`: the layout, as text to compare. */
  read?: {
    readonly layout: RowLayout;
    readonly summary: RowsSummary;
    readonly folder: string;
    readonly with: string;
  };
}

/** Fields of a header that are not known yet, of which no value says anything. */
function headerFindings(settled: Settled, fields: readonly string[], line: number): FieldFinding[] {
  const unknown = fields.filter((field) => !isKnown(settled, '', field));
  return unknown.map((field, order) => {
    return { table: '', field, kind: 'value', line: Math.max(line, 1), order, evidence: NO_EVIDENCE };
  });
}

/** The header's names as the layout knows them. */
function withFields(format: FileFormatJob, names: readonly string[]): FileFormatJob {
  return 'names' in format ? { ...format, names } : format;
}
