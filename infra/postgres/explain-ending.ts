import { dirname } from 'node:path';
import { diskIsFull, ServerFailure } from '../keeper/server-failure.ts';
import { logFile } from './cluster-record.ts';

interface Ending {
  /** How it ended, `exit 1`. */
  readonly how: string;
  /** The end of what it printed as errors. */
  readonly said: string;
  readonly data: string;
  /** The environment's folder for Postgres. */
  readonly folder: string;
  /** Full path of the program that ended. */
  readonly program: string;
}

/** Turns the last words of a server that did not come up into what a person can act on. The last line says what to do. */
export function explainEnding(ending: Ending): ServerFailure {
  const { said, data, folder, how } = ending;
  const cause = messageOf(said);
  if (/could not bind|could not create any TCP\/IP sockets/i.test(said))
    return new ServerFailure(`a port was taken: ${cause}`, { passing: 'port taken' });
  const message = `the embedded Postgres did not start (${how}): ${cause}\nIts data is ${data}, its log ${logFile(folder)}.\n${remedyFor(ending)}`;
  const predecessor = /pre-existing shared memory block|lock file "postmaster.pid" already exists/i.test(said);
  return new ServerFailure(message, predecessor ? { passing: 'predecessor ending' } : {});
}

function remedyFor({ said, data, program, folder }: Ending): string {
  if (/no space left|disk is full/i.test(said) || diskIsFull(dirname(data)))
    return 'The disk is full: free some space there and run the same command again.';
  if (/permission denied|operation not permitted/i.test(said))
    return `Check the owner and the rights of ${data}, and of the folders above it and above ${program}.`;
  if (/already exists|shared memory block/i.test(said))
    return 'Another Postgres uses the data: end it (`ps aux | grep postgres` shows it) and run the same command again.';
  if (/ENOENT|cannot execute|not found|error while loading shared libraries/i.test(said))
    return `The program does not work on this machine: see ${program} --version, or name a Postgres of yours in the setting that holds its URL.`;
  return `If its data is damaged, remove ${folder} and run the same command again: everything in it is made anew.`;
}

/** What was wrong, without the lines that only accompany it. */
function messageOf(said: string): string {
  const lines = said.trim().split('\n');
  const errors = lines.filter((line) => /FATAL|PANIC|ERROR|error:/i.test(line));
  const telling = (errors.length > 0 ? errors : lines)
    .slice(-2)
    .map((line) => line.replace(/^[-\d]+ [\d:.]+ \S+ \[\d+\] /, ''));
  return telling.map((line) => line.trim().slice(0, 400)).join(' | ') || 'it said nothing';
}
