import { provenanceOf } from '../../names/provenance.ts';
import { join } from 'node:path';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { ReadSource } from './read-source.ts';
import { compileTypedTable, type TypedTable } from './typed-sql.ts';

/** A table of the source whose rows are typed: `good` and `suspect` are relations of the session. */
export interface JudgedTable {
  readonly name: string;
  readonly typed: TypedTable;
  readonly good: string;
  /** Absent where no record is suspect. */
  readonly suspect?: string;
  /** Row files of the good rows as the readers wrote them. */
  readonly goodFiles: readonly string[];
}

/**
 * Casts what readers carried as text, and makes the table `misfits` of all values that do not fit (see `TypedTable`).
 * Values that readers took as good are not looked at again.
 */
export async function judgeRows(session: Session, read: ReadSource): Promise<JudgedTable[]> {
  const { settled, source, files, folder } = read;
  await session.run(`CREATE TABLE misfits (_file VARCHAR, _line BIGINT, _offset BIGINT, table_number INTEGER,
    position BIGINT, column_number INTEGER, "column" VARCHAR, value VARCHAR, expected VARCHAR, reason VARCHAR, blank BOOLEAN, whole BOOLEAN)`);
  const judged: JudgedTable[] = [];
  for (const [index, table] of settled.tables.entries()) {
    const provenance = provenanceOf(table.list, source.key, settled.tables);
    const typed = compileTypedTable(table, source.contract, provenance);
    const rowFiles = (kind: 'good' | 'suspect'): string[] =>
      files.flatMap(({ summary }) => summary.tables[index]?.[kind]?.path ?? []);
    const relation = async (kind: 'good' | 'suspect'): Promise<string> => {
      const name = `${kind}_${index}`;
      const rows = typed.rows(rowFiles(kind), kind);
      if (kind === 'suspect' || typed.castsGood) {
        const cast = await castOnce(session, rows, join(folder, `${name}.parquet`));
        await session.run(`CREATE OR REPLACE VIEW ${name} AS SELECT * FROM read_parquet(${literal(cast)})`);
        await session.run(`INSERT INTO misfits SELECT _file, _line, _offset, ${index}, position, column_number, "column",
          value, expected, reason, blank, whole FROM (${typed.misfits(name, kind)})`);
      } else await session.run(`CREATE OR REPLACE VIEW ${name} AS ${rows}`);
      return name;
    };
    const good = await relation('good');
    const suspect = rowFiles('suspect').length > 0 ? await relation('suspect') : undefined;
    judged.push({
      name: table.name,
      typed,
      goodFiles: rowFiles('good'),
      good,
      ...(suspect ? { suspect } : {}),
    });
  }
  return judged;
}

/** Casts are not done twice: what they give is kept aside. */
async function castOnce(session: Session, rows: string, path: string): Promise<string> {
  await session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy)`);
  return path;
}
