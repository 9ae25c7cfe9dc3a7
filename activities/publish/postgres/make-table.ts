import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Session } from '../../duckdb/session.ts';
import { indexesOf } from '../database/create-table.ts';
import type { Making } from '../database/engine.ts';
import { postgresType } from './column-types.ts';
import { attachments } from './attachments.ts';
import { carriedOver } from './carry-over.ts';
import { execute, forget } from './execute.ts';
import { scratchName } from './scratch-name.ts';

/**
 * Makes the table of a load and fills it. One that is there is swapped for it at the very end, so that readers wait for a
 * moment only; its owner, grants and comments go with it. Where more hangs on the table (views, triggers, foreign keys of
 * others, publications), its rows are replaced and the table stays: readers see the old ones until the commit.
 */
export async function makeOrSwap(session: Session, making: Making): Promise<void> {
  const { load, there, rows } = making;
  const name = load.table.name;
  const target = identifier(name);
  const fresh = there ? identifier(scratchName('new', name)) : target;
  const list = identifiers(load.columns.map((column) => column.name));
  await execute(session, `DROP TABLE IF EXISTS ${fresh === target ? identifier(scratchName('new', name)) : fresh}`);
  await execute(session, createStatement(making, fresh));
  await forget(session);
  await session.run(`INSERT INTO ${fresh} (${list}) SELECT ${list} FROM ${rows}`);
  const attached = there ? await attachments(session, name) : [];
  if (attached.length > 0 && !isSame(making)) throw wouldBeLost(name, attached);
  if (attached.length > 0) {
    await execute(session, `DELETE FROM ${target}; INSERT INTO ${target} (${list}) SELECT ${list} FROM ${fresh}`);
    await execute(session, `DROP TABLE ${fresh}`);
  } else {
    if (there) {
      const carried = await carriedOver(session, name, fresh);
      await execute(session, `DROP TABLE ${target}`);
      for (const statement of carried) await execute(session, statement);
      await execute(session, `ALTER TABLE ${fresh} RENAME TO ${target}`);
    }
    for (const statement of indexStatements(making)) await execute(session, statement);
  }
  await execute(session, `ANALYZE ${target}`);
  await forget(session);
}

function wouldBeLost(table: string, attached: readonly string[]): AcequiaError {
  return new AcequiaError('DestinationMismatch', {
    what: `The structure of ${table} would change, and more hangs on the table that is there. Nothing was changed.`,
    where: table,
    why: attached.join(', '),
    remedy: 'drop these and make them again afterwards, or publish to another table',
  });
}

function createStatement({ load, required }: Making, table: string): string {
  const columns = load.columns.map(
    ({ name, type }) => `${identifier(name)} ${postgresType(type)}${required.includes(name) ? ' NOT NULL' : ''}`,
  );
  return `CREATE TABLE ${table} (${columns.join(', ')})`;
}

/** Cheaper to make once the rows are there. */
function indexStatements({ structure }: Making): string[] {
  const table = identifier(structure.name);
  const key = structure.key.length > 0 ? [`ALTER TABLE ${table} ADD PRIMARY KEY (${identifiers(structure.key)})`] : [];
  const others = indexesOf(structure).map(
    ({ name, columns }) => `CREATE INDEX ${identifier(name)} ON ${table} (${identifiers(columns)})`,
  );
  return [...key, ...others];
}

function isSame({ load, there, structure }: Making): boolean {
  const text = (columns: readonly { name: string; type: string }[]): string =>
    JSON.stringify(columns.map(({ name, type }) => [name, type]));
  const indexes = indexesOf(structure).map(({ name }) => name);
  return (
    there !== undefined &&
    there.inexact.length === 0 &&
    text(there.columns) === text(load.columns) &&
    JSON.stringify(there.key) === JSON.stringify(structure.key) &&
    JSON.stringify([...there.indexes].sort()) === JSON.stringify(indexes.sort())
  );
}
