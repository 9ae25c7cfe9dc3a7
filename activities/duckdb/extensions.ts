import { duckdbExtensionDirectory } from '../../infra/setup/inventory.mjs';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Session } from './session.ts';

/** Where set-up has put DuckDB's extensions; nothing is ever fetched at run time. */
export function extensionDirectory(): string {
  return duckdbExtensionDirectory();
}

/** Loads an extension that set-up installed. */
export async function loadExtension(
  session: Session,
  name: 'sqlite_scanner' | 'postgres_scanner' | 'ducklake',
): Promise<void> {
  try {
    await session.run(`LOAD ${name}`);
  } catch (cause) {
    throw new AcequiaError('ExtensionMissing', {
      what: `DuckDB's extension ${name} cannot be loaded.`,
      where: extensionDirectory(),
      why: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
      remedy: 'npm run acequia -- doctor   shows what is missing and how to get it',
      cause,
    });
  }
}
