import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { StatementEvent } from '../../../activities/duckdb/statement-channel.ts';
import { AcequiaError, FAILURES } from '../../../activities/failure/acequia-error.ts';
import { publishTables } from '../../../activities/publish/publish-tables.ts';
import type { PublishRequest } from '../../../workflows/stages.ts';
import { namesOf } from './event-names.ts';

/**
 * A publication in a process of its own, as a worker does it, without Temporal. It is told in a JSON file what to publish,
 * and at which of its events to die as by `kill -9`, or to wait.
 */
export interface Publication {
  readonly request: PublishRequest;
  /** Attempts for failures that Temporal would try again. Default 1. */
  readonly attempts?: number;
  readonly kill?: { readonly at: string; /** Milliseconds after it. */ readonly later?: number };
  /** It waits there: `<file>.held` is made then, and it goes on when `<file>.go` is there. */
  readonly hold?: { readonly at: string; readonly file: string };
  /** Gets a line for each event: its name, and when it was, in milliseconds. */
  readonly events?: string;
  /** Gets what came of it: a `PublicationResult`. */
  readonly result: string;
}

export interface PublicationResult {
  readonly tables?: unknown;
  /** How each attempt ended that did not succeed. */
  readonly failures: readonly { readonly type: string; readonly message: string }[];
}

const publication = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Publication;
const { request, kill, hold, events, attempts = 1 } = publication;
const nameOf = namesOf();
const started = performance.now();

function happened(event: string | undefined): void {
  if (event === undefined) return;
  const name = nameOf(event);
  if (events) appendFileSync(events, `${performance.now() - started}\t${name}\n`);
  if (kill?.at === name) dieAfter(kill.later);
  if (hold?.at === name) waitFor(hold.file);
}

function dieAfter(later: number | undefined): void {
  const die = (): boolean => process.kill(process.pid, 'SIGKILL');
  if (later === undefined) die();
  else setTimeout(die, later);
}

/** Nothing else happens in this process meanwhile, as in one that hangs. */
function waitFor(file: string): void {
  writeFileSync(`${file}.held`, '');
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(`${file}.go`)) Atomics.wait(clock, 0, 0, 2);
}

subscribe('acequia:statement', (message) => {
  const { phase, sql } = message as StatementEvent;
  happened(statementEvent(phase, sql));
});

function statementEvent(phase: 'start' | 'end', sql: string): string | undefined {
  const statement = statementOf(sql);
  return statement && `${phase === 'start' ? 'before' : 'after'} ${statement}`;
}

/** What a statement does to which table, of those that change something at the destination. */
function statementOf(sql: string): string | undefined {
  const [, sent] = /^CALL postgres_execute\('destination', '(.*)'\)$/s.exec(sql) ?? [];
  const text = (sent ?? sql).replaceAll("''", "'").trim();
  if (/^(?:COMMIT|COPY)\b/.test(text)) return text.slice(0, text.search(/\W|$/));
  const [, verb = '', table = ''] =
    /^(INSERT INTO|UPDATE|DELETE FROM|DROP TABLE(?! IF)|CREATE (?:UNLOGGED )?TABLE|ALTER TABLE|LOCK TABLE) ("[^"]+"|[\w.]+)/.exec(
      text,
    ) ?? [];
  if (verb === '' || /^(?:temp|pg_temp)\./.test(table)) return undefined;
  return `${verb} ${table.replaceAll('"', '')}`;
}

async function publish(): Promise<PublicationResult> {
  const failures: { type: string; message: string }[] = [];
  const work = {
    signal: new AbortController().signal,
    report: ({ step }: { readonly step: string }) => happened(step),
  };
  happened('start');
  for (;;) {
    try {
      const tables = await publishTables(request, work, { variables: {} });
      return { tables, failures };
    } catch (error) {
      const type = error instanceof AcequiaError ? error.type : 'Unexpected';
      failures.push({ type, message: error instanceof Error ? error.message : String(error) });
      if (failures.length >= attempts || type === 'Unexpected' || FAILURES[type] === 'terminal') return { failures };
      await pause(100);
    }
  }
}

writeFileSync(publication.result, JSON.stringify(await publish()));
