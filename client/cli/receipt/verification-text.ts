import type { Colors } from 'picocolors/types.js';
import type { VerifiedFile, VerifiedTable } from '../../../activities/publish/verify/verify-run.ts';
import type { SignatureCheck } from '../../../activities/receipt/signature.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { count, counted } from '../figures.ts';
import { headed } from '../headed.ts';
import { shortId } from '../runs/stored-runs.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { typedCommand } from '../shell-words.ts';

/** All that was looked up of a receipt. */
export interface Verification {
  readonly signature: SignatureCheck;
  /** Of the receipt. */
  readonly place: string;
  /** Whether a key was named that receipts must be signed by. */
  readonly trusted: boolean;
  /** Sums of the receipt that do not close although it says so. */
  readonly contradictions: readonly string[];
  readonly files: readonly VerifiedFile[];
  /** Sources whose files the lake cannot name any more. */
  readonly unread: readonly string[];
  readonly tables: readonly VerifiedTable[];
}

/** Whether everything that the receipt claims was looked up, and holds. */
export function isProven(verification: Verification): boolean {
  return faults(verification).length + gaps(verification).length === 0;
}

/** What does not hold, a sentence each. */
function faults(verification: Verification): string[] {
  return [...receiptFaults(verification), ...dataFaults(verification)];
}

/** Of the receipt itself. */
function receiptFaults({ signature, trusted, contradictions }: Verification): string[] {
  const isStrange = trusted && signature.state !== 'valid' && signature.state !== 'altered';
  return [
    ...(signature.state === 'altered' ? ['the receipt is not what was signed'] : []),
    ...(isStrange ? ['the receipt is not signed by the trusted key'] : []),
    ...(contradictions.length > 0 ? ['the receipt contradicts itself'] : []),
  ];
}

/** Of what it tells about. */
function dataFaults({ files, tables }: Verification): string[] {
  const altered = files.filter(({ state }) => state === 'altered');
  return [
    ...(altered.length > 0 ? [`${counted(altered.length, 'landed file')} altered`] : []),
    ...tables.flatMap(({ name, destination, result }) =>
      result.state === 'different' ? [`${name} in ${destination} differs`] : [],
    ),
  ];
}

/** What could not be looked up. */
function gaps({ files, unread, tables }: Verification): string[] {
  const gone = files.filter(({ state }) => state === 'gone').length;
  return [
    ...(gone > 0 ? [`${counted(gone, 'landed file')} not kept any more`] : []),
    ...unread.map((source) => `the files of ${source} are not kept any more`),
    ...tables.flatMap(({ name, destination, result }) => {
      if (result.state === 'gone') return [`the published rows of ${name} are not kept any more`];
      return result.state === 'failed' ? [`${name} in ${destination} could not be looked up`] : [];
    }),
  ];
}

/** Lines for people: what was looked up, and each difference. Values of rows are shown: they are those of the destination. */
export function verificationText(receipt: Receipt, verification: Verification, colors: Colors): string {
  const { files, unread, tables } = verification;
  const same = files.filter(({ state }) => state === 'same').length;
  const landing = [
    ...(files.length > 0 ? [`${count(same)} of ${counted(files.length, 'landed file')} as they were`] : []),
    ...files.filter(({ state }) => state !== 'same').map((file) => fileLine(file, colors)),
    ...unread.map((source) => colors.yellow(`! ${source}: its report is not kept any more`)),
  ];
  return [
    ...headed('run', [`${receipt.run.pipeline} ${shortId(receipt.run.runId)}, ${receipt.run.finishedAt}`]),
    ...headed('receipt', [verification.place]),
    ...headed('signature', [verification.signature.state]),
    ...headed(
      'sums',
      verification.contradictions.map((sentence) => colors.red(`✗ ${sentence}`)),
    ),
    ...headed('sources', landing),
    ...headed(
      'tables',
      tables.flatMap((table) => tableLines(table, colors)),
    ),
  ].join('\n');
}

function fileLine({ file, state }: VerifiedFile, colors: Colors): string {
  const name = `${file.source}: ${terminalText(file.name)}`;
  if (state === 'gone') return colors.yellow(`! ${name} is not kept any more`);
  return colors.red(`✗ ${name} was altered: its SHA-256 is not ${file.digest.slice(0, 12)}…`);
}

function tableLines({ name, destination, result }: VerifiedTable, colors: Colors): string[] {
  const what = `${name} in ${destination}`;
  switch (result.state) {
    case 'same':
      return [colors.green(`✓ ${what}: ${counted(result.rows, 'row')} as published`)];
    case 'replaced':
      return [
        `· ${what}: all rows in force are of run ${shortId(result.by)} since; nothing of this one is left to compare`,
      ];
    case 'gone':
      return [colors.yellow(`! ${what}: the rows that were published are not kept any more`)];
    case 'failed':
      return [
        colors.yellow(`! ${what}: could not be looked up`),
        ...result.why.split('\n').map((line) => `    ${line}`),
      ];
    case 'different':
      return [
        colors.red(`✗ ${what}: ${result.why.join('; ')}`),
        ...(result.differences?.rows ?? []).map((row) => `    ${rowLine(row)}`),
      ];
  }
}

type Row = NonNullable<Extract<VerifiedTable['result'], { state: 'different' }>['differences']>['rows'][number];

function rowLine({ kind, key, partition, cells }: Row): string {
  const pairs = (values: Readonly<Record<string, string | null>>): string =>
    Object.entries(values)
      .map(([column, value]) => `${column}=${shown(value)}`)
      .join(', ');
  const where = Object.keys(partition).some((column) => !(column in key)) ? ` (partition ${pairs(partition)})` : '';
  const changes = cells.map(({ column, published, there }) => `${column}: ${shown(published)} → ${shown(there)}`);
  const told = { missing: 'is not there', extra: 'was not published', changed: changes.join(', ') }[kind];
  return `${pairs(key)}${where}: ${told}`;
}

function shown(value: string | null): string {
  return value === null ? 'NULL' : terminalText(value, 40);
}

/** The last three lines: verdict, cause, next. */
export function verdictOf({ run }: Receipt, verification: Verification): string {
  const wrong = faults(verification);
  const open = gaps(verification);
  const name = `${run.pipeline} ${shortId(run.runId)}`;
  if (dataFaults(verification).length > 0) {
    return [
      `✗ ${name}: what is there is not what the receipt says`,
      wrong.join('; '),
      `to do: find out who changed it; ${anew(run)} publishes the tables anew`,
    ].join('\n');
  }
  if (wrong.length > 0) {
    return [
      `✗ ${name}: the receipt itself does not hold`,
      wrong.join('; '),
      'to do: find out who changed the receipt, or which keys sign and are trusted (ACEQUIA_SIGNING_KEY, ACEQUIA_VERIFY_KEY)',
    ].join('\n');
  }
  if (open.length > 0) {
    const failed = verification.tables.some(({ result }) => result.state === 'failed');
    return [
      `! ${name}: not all of it can be verified`,
      open.join('; '),
      failed
        ? 'to do: mend why it could not be looked up, and verify again'
        : 'to do: what is gone cannot be compared any more; ACEQUIA_RETENTION says how long it is kept',
    ].join('\n');
  }
  return [
    `✓ ${name}: everything is as the receipt says`,
    `${counted(verification.files.length, 'landed file')}, ${counted(verification.tables.length, 'table')} looked up`,
    `${typedCommand(['receipt', 'show', shortId(run.runId)])}   shows the account`,
  ].join('\n');
}

/** What is to be done for the tables to be published once more. */
function anew({ pipeline, options }: Receipt['run']): string {
  return options?.copy ? 'the same copy' : `npm run start-workflow ${pipeline}`;
}
