import { dirname } from 'node:path';
import { diskIsFull, ServerFailure } from '../keeper/server-failure.ts';

interface Ending {
  /** How it ended, `exit 1`. */
  readonly how: string;
  /** The end of what it printed as errors. */
  readonly said: string;
  readonly temporal: string;
  readonly dbFile: string;
  readonly logFile: string;
}

/** Turns the last words of a server that did not come up into what a person can act on. */
export function explainEnding(ending: Ending): ServerFailure {
  const { said, dbFile, logFile, how } = ending;
  const cause = messageOf(said);
  if (/address already in use/i.test(said))
    return new ServerFailure(`a port was taken: ${cause}`, { passing: 'port taken' });
  const remedy = remedyFor(said, ending);
  return new ServerFailure(
    `the embedded Temporal server did not start (${how}): ${cause}\nIts database is ${dbFile}, its log ${logFile}.\n${remedy}`,
  );
}

function remedyFor(said: string, { dbFile, temporal }: Ending): string {
  if (/disk is full|no space left/i.test(said) || diskIsFull(dirname(dbFile)))
    return 'The disk is full: free some space there and run the same command again.';
  if (/not a database|malformed|no such table|no such column/i.test(said)) {
    return `The database is damaged or of another version. Move it away (mkdir -p ${dirname(dbFile)}/damaged && mv ${dbFile}* ${dirname(dbFile)}/damaged) and run the same command again: the history of earlier runs goes with it, published data does not.`;
  }
  if (/readonly database|permission denied|unable to open database/i.test(said))
    return `You may not write there: check the owner and the rights of ${dirname(dbFile)} and of the files in it.`;
  if (/database is locked|SQLITE_BUSY/i.test(said))
    return 'Another process holds the database: end it (`ps aux | grep start-dev` shows it) and run the same command again.';
  return `See whether the program itself works: ${temporal} server start-dev`;
}

/** The text of the server's last log lines, without their fields. */
function messageOf(said: string): string {
  const messages = said
    .trim()
    .split('\n')
    .slice(-2)
    .map((line) => {
      const quoted = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
      return (quoted?.replaceAll('\\"', '"') ?? line).slice(0, 400);
    });
  return messages.join(' | ') || 'it said nothing';
}
