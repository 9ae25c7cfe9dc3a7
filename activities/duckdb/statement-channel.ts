import { channel } from 'node:diagnostics_channel';

/** What a session tells of each statement it runs, to whoever listens in its process. */
export interface StatementEvent {
  readonly phase: 'start' | 'end';
  readonly sql: string;
  /** The statement failed. */
  readonly failed?: true;
}

/** Node's diagnostics channel `acequia:statement`; publishing costs nothing while nobody listens. */
const statementChannel = channel('acequia:statement') as { publish(event: StatementEvent): void };

/** Runs a statement, and tells when it starts and when it has ended. */
export async function toldOf<Result>(sql: string, run: () => Promise<Result>): Promise<Result> {
  statementChannel.publish({ phase: 'start', sql });
  try {
    const result = await run();
    statementChannel.publish({ phase: 'end', sql });
    return result;
  } catch (error) {
    statementChannel.publish({ phase: 'end', sql, failed: true });
    throw error;
  }
}
