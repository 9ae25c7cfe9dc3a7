import { readFileSync } from 'node:fs';

/** A moment at which a publication is killed. */
export interface Point {
  readonly name: string;
  readonly at: string;
  /** Milliseconds after it. */
  readonly later?: number;
}

/** An event of a publication, and when it was, in milliseconds. */
export interface Event {
  readonly at: number;
  readonly name: string;
}

export function readEvents(file: string): Event[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [at = '', name = ''] = line.split('\t');
    return { at: Number(at), name };
  });
}

/** What is as long as there is anything to be in the middle of. */
const LONG = /^before (?:COPY|UPDATE|DELETE FROM|INSERT INTO (?!_acequia_ledger))/;

/** What comes right after something else that is told: the next step of a publication is reported after its ledger. */
const SAME_MOMENT = /^before |^preparing |^after INSERT INTO _acequia_ledger/;

/**
 * Places the moments of a kill by what an undisturbed publication told: at its start, at every step it reports, inside and
 * behind every statement that changes the last table, inside those that change another one, and several times inside the
 * commit. The last one is after the commit, before anybody hears of it.
 */
export function pointsOf(events: readonly Event[], lastTable: string): Point[] {
  const last = events.findIndex(({ name }) => name === `publishing ${lastTable}`);
  const commit = events.findLastIndex(({ name }) => name.startsWith('before COMMIT'));
  return events.flatMap((event, index): Point[] => {
    const end = events[index + 1];
    if (index === commit) return inside(event, end, [0.25, 0.5, 0.75]);
    if (LONG.test(event.name)) return inside(event, end, [0.5]);
    const isOtherTables = event.name.startsWith('after ') && index < last;
    return SAME_MOMENT.test(event.name) || isOtherTables || isOneOfMany(event.name)
      ? []
      : [{ name: event.name, at: event.name }];
  });
}

/** Of many files that go into their places the first, one in the middle and the last stand for all. */
function isOneOfMany(name: string): boolean {
  const [, number, count] = (/file (\d+) of (\d+)/.exec(name) ?? []).map(Number);
  return number !== undefined && count !== undefined && ![1, Math.ceil(count / 2), count].includes(number);
}

function inside({ at, name }: Event, end: Event | undefined, shares: readonly number[]): Point[] {
  const lasted = (end?.at ?? at) - at;
  return shares.map((share) => ({
    name: `${name.replace('before', 'inside')}, ${share * 100} %`,
    at: name,
    later: Math.round(lasted * share),
  }));
}
