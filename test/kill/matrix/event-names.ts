/** Tells events of the same kind apart: `COPY`, `COPY #2`. One for each run of a publication. */
export function namesOf(): (event: string) => string {
  const seen = new Map<string, number>();
  return (event) => {
    const times = (seen.get(event) ?? 0) + 1;
    seen.set(event, times);
    return times === 1 ? event : `${event} #${times}`;
  };
}
