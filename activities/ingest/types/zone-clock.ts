import { literal } from '../../duckdb/identifiers.ts';

/** Microseconds. */
const DAY = 86_400_000_000;

/**
 * SQL: the instant at which the clocks of a zone show a time, NULL for NULL. Of a time that they show twice it is one of the
 * two, of one that they skip another: `clockRefusals` refuses both.
 *
 * @param local SQL of a TIMESTAMP
 */
export function instantSql(local: string, zone: string): string {
  return `timezone(${literal(zone)}, ${local})`;
}

/**
 * Why a time of a zone's clocks names no instant: they skip it in spring, or show it twice in autumn. Conditions are NULL or
 * false for a text that is not such a time.
 *
 * @param local SQL of the time that the text says, a TIMESTAMP; NULL where it says an instant by itself
 * @param value SQL of the instant that was read
 */
export function clockRefusals(local: string, value: string, zone: string): (readonly [string, string])[] {
  const clock = (instant: string): string => `timezone(${literal(zone)}, ${instant})`;
  // With the offsets of the day before and of the day after, a time in the hour that is repeated has two instants. All of it
  // in microseconds: whatever asks a calendar takes thirty times as long.
  const [before, after] = [`epoch_us(${value}) - ${DAY}`, `epoch_us(${value}) + ${DAY}`].map((instant) => {
    const ahead = `(epoch_us(${clock(`make_timestamptz(${instant})`)}) - (${instant}))`;
    return `make_timestamptz(epoch_us(${local}) - ${ahead})`;
  }) as [string, string];
  // Only a CASE spares the texts that say an instant by themselves.
  const ofLocal = (condition: string): string => `CASE WHEN ${local} IS NOT NULL THEN ${condition} END`;
  return [
    [ofLocal(`${clock(value)} <> ${local}`), `time that the clocks of ${zone} skip`],
    [
      ofLocal(`${before} <> ${after} AND ${clock(before)} = ${local} AND ${clock(after)} = ${local}`),
      `time that the clocks of ${zone} show twice`,
    ],
  ];
}
