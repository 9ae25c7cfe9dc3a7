import Table from 'cli-table3';
import { inspect } from '../../infra/setup/inspect.mjs';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** `acequia doctor`: what is on this machine, what is missing, and how to get it. Exit 1 when something needed is missing. */
export async function doctor(json: boolean): Promise<ExitCode> {
  const rows = await inspect();
  const bad = rows.filter(({ state, optional }) => state !== 'ok' && !optional);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: bad.length === 0, found: rows }, null, 2)}\n`);
  } else {
    const table = new Table({
      head: ['', 'what', 'needed', 'version', 'where'],
      style: { head: [], border: [], compact: true },
    });
    for (const { what, needed, version, where, from, state, optional } of rows) {
      const verdict = state === 'ok' ? 'ok' : optional ? `${state} (optional)` : state;
      table.push([verdict, what, needed, version ?? '', where ? `${where}${from ? ` (${from})` : ''}` : '']);
    }
    const remedies = rows
      .filter(({ state }) => state !== 'ok')
      .map(({ what, state, how }) => `${what} is ${state}: ${how}`);
    process.stdout.write(`${[table.toString(), ...remedies].join('\n')}\n`);
  }
  return bad.length === 0 ? EXIT.done : EXIT.failed;
}
