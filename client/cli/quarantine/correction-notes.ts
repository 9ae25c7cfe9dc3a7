import { basename } from 'node:path';
import { withSession } from '../../../activities/duckdb/session.ts';
import type { Correction } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { count, counted } from '../figures.ts';
import type { ToldSource } from '../runs/source-reports.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { correctionsOf } from './corrections-of.ts';
import { exportCommand } from './export-name.ts';
import { digestAside } from './put-correction-aside.ts';
import { quarantineRows } from './quarantined-source.ts';

/**
 * What came of the corrected rows of a replay, for the end of its screen: how many were good, how many quarantined rows
 * are still to be corrected, and that the source's own files know nothing of it. Nothing for any other run.
 *
 * @param folder where the person stands
 */
export async function correctionNotes(
  receipt: Receipt,
  told: readonly ToldSource[],
  lake: string,
  folder: string,
): Promise<string[]> {
  const lines: string[] = [];
  for (const one of told) {
    const corrections = correctionsOf(receipt, one.source.name);
    if (corrections.length > 0) lines.push(...(await notesOn(receipt, one, corrections, lake, folder)));
  }
  return lines;
}

async function notesOn(
  receipt: Receipt,
  { source, report }: ToldSource,
  corrections: readonly Correction[],
  lake: string,
  folder: string,
): Promise<string[]> {
  const { quarantine, quarantined, name, uri } = source;
  if (quarantine === null) return [];
  const rows = await quarantineRows({ ...source, kind: 'source', quarantine, drained: false }, receipt, lake);
  const { bad, left } = await withSession(undefined, async (session) => ({
    bad: await session.rows<{ file: string; rows: string }>(
      `SELECT file, count(*) AS rows FROM ${rows} WHERE NOT kept GROUP BY file`,
    ),
    left: await session.count(`SELECT count(*) FROM ${rows} WHERE NOT kept AND NOT replayed`),
  }));
  const digests = corrections.map(({ path }) => digestAside(path));
  const handedIn = report.files.filter(({ digest }) => digests.includes(digest));
  const allNamed = corrections.every(({ places }) => places !== undefined);
  const published = receipt.tables.some(({ destination }) => destination !== null);
  return [
    ...handedIn.map(({ name: file, read }) => {
      const wrong = Number(bad.find((one) => one.file === file)?.rows ?? 0);
      const still = wrong === 0 ? '' : `, ${count(wrong)} still bad`;
      return `corrected    ${terminalText(file)}: ${count(read - wrong)} of ${counted(read, 'row')} good${still}`;
    }),
    ...leftLines(quarantined, left, allNamed, exportCommand(receipt.run.runId, name, report, folder)),
    ...(published
      ? [
          `the source   ${terminalText(basename(uri))} is as it was: mend it, too, as the next run without a replay reads it alone`,
        ]
      : []),
  ];
}

/** `allNamed`: every correction says which rows it stands for. */
function leftLines(quarantined: number, left: number, allNamed: boolean, exporting: string): string[] {
  if (quarantined === 0) return [];
  if (!allNamed) {
    return [`left         ${counted(left, 'row')} in quarantine; some may have been replayed`];
  }
  const others = quarantined - left;
  const before = `${counted(others, 'row')} in quarantine ${others === 1 ? 'has been replayed, and is as it was' : 'have been replayed, and are as they were'} before`;
  if (left === 0) return [`left         nothing to correct: ${before}`];
  return [
    `left         ${counted(left, 'row')} to correct: ${exporting}`,
    ...(others > 0 ? [`             ${before}`] : []),
  ];
}
