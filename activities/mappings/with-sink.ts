import type { TargetPlan } from '../../workflows/definition/index.ts';
import { CONNECTION_SETTINGS } from '../drain/connection-settings.ts';
import { urlOf, type DrainSettings } from '../drain/urls.ts';
import { loadExtension } from '../duckdb/extensions.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { attachPostgres } from '../postgres/connection.ts';
import { postgresProblem } from '../publish/postgres/problems.ts';

/**
 * Gives `use` a session to which the database of the target is attached as `sink`. Errors: those of a destination
 * (`Destination…`), `DefinitionInvalid`, `SettingMissing`; the signal's reason.
 */
export async function withSink<Result>(
  target: TargetPlan,
  settings: DrainSettings,
  signal: AbortSignal,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  try {
    return await withSession(signal, async (session) => {
      await loadExtension(session, 'postgres_scanner');
      const url = await urlOf(target, settings, signal);
      await attachPostgres(session, 'sink', url, { settings: CONNECTION_SETTINGS });
      return use(session);
    });
  } catch (error) {
    signal.throwIfAborted();
    // The engine's errors are plain ones; one of a class of its own has its words already.
    if (error instanceof Error && error.constructor !== Error) throw error;
    throw postgresProblem(error, target.name);
  }
}
