import { pino, type Logger } from 'pino';

/** What a worker's SDK has to say: one JSON object a line, appended to a file. What its stages do is in the event log. */
export interface WorkerLog {
  readonly logger: Logger;
  close(): void;
}

export function openWorkerLog(path: string, environment: string): WorkerLog {
  // Synchronous: what a killed worker did last is what one wants to read.
  const destination = pino.destination({ dest: path, mkdir: true, sync: true });
  const logger = pino(
    { base: { pid: process.pid, environment }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
  return { logger, close: () => destination.end() };
}
