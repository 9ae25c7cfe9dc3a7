import { createReadStream } from 'node:fs';
import type { ApiProblem, JobFailed } from '../../bigquery/api-error.ts';
import type { Warehouse } from '../../bigquery/warehouse.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { maskQuoted } from '../../failure/mask.ts';
import type { Load } from '../staged-load.ts';

/** What BigQuery calls a row that it does not take; any other failure of a job is not about its rows. */
const OF_ROWS = 'invalid';

/**
 * Rows that BigQuery does not take: which one, which column and why, without the value. Any other failure comes back as it was.
 *
 * @param path the file that was sent
 */
export async function loadFailed(
  failure: JobFailed,
  { table }: Load,
  warehouse: Warehouse,
  path: string,
): Promise<Error> {
  if (failure.problems[0]?.reason !== OF_ROWS) return failure;
  // The first says that there are some; those behind it say which.
  const telling = failure.problems.find((problem) => fieldIn(problem) !== undefined) ?? failure.problems[0];
  const row = await rowOf(telling, path);
  const field = fieldIn(telling);
  const place = [
    `table ${table.name}`,
    ...(row === undefined ? [] : [`row ${row} of the load`]),
    ...(field ? [`column ${field}`] : []),
  ];
  return new AcequiaError('DestinationMismatch', {
    what: `BigQuery does not take the rows of ${table.name}. Nothing was changed.`,
    where: `bigquery://${warehouse.project}/${warehouse.dataset}, ${place.join(', ')}`,
    why: reasonOf(telling),
    remedy: 'mend the value at the source, or declare another type for the column',
  });
}

function fieldIn({ message }: ApiProblem): string | undefined {
  return /\bfield:? ['"]?([\p{L}\p{N}_]+)/iu.exec(message)?.[1];
}

/** By its number, or by the byte at which its line begins. */
async function rowOf({ message }: ApiProblem, path: string): Promise<number | undefined> {
  const row = /\brows?:? (\d+)/i.exec(message)?.[1];
  if (row !== undefined) return Number(row);
  const byte = /\b(?:position|location) (\d+)/i.exec(message)?.[1];
  if (byte === undefined) return undefined;
  let lines = 1;
  if (Number(byte) === 0) return lines;
  for await (const piece of createReadStream(path, { end: Number(byte) - 1 }) as AsyncIterable<Buffer>)
    for (const one of piece) if (one === 0x0a) lines += 1;
  return lines;
}

/** What is said of the value, without the value: it stands at the end, or in quotes. */
function reasonOf({ message }: ApiProblem): string {
  const words = message
    .replace(/[;,.]?\s*\b(?:bad )?value: .*$/is, '')
    .replace(/^Error while reading data, error message: /, '');
  return maskQuoted(words.split('\n')[0] ?? '').slice(0, 300);
}
