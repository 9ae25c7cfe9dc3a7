/**
 * Stable names of what can go wrong; alerts, runbooks and exit codes refer to them. `terminal`: trying again cannot
 * help until somebody mends the cause. `transient`: trying again may help by itself.
 */
export const FAILURES = {
  DefinitionInvalid: 'terminal',
  SettingMissing: 'terminal',
  SecretMissing: 'terminal',
  SecretDenied: 'terminal',
  SecretUnreachable: 'transient',
  ModelFailed: 'terminal',
  SourceMissing: 'terminal',
  SourceUnreadable: 'terminal',
  SourceWrongType: 'terminal',
  SourceCorrupt: 'terminal',
  SourceRefused: 'terminal',
  SourceEncoding: 'terminal',
  SourceInfected: 'terminal',
  ScannerUnreachable: 'transient',
  SourceEmpty: 'terminal',
  SourceChanging: 'transient',
  SourceUnreachable: 'transient',
  SourceBusy: 'transient',
  SourceDenied: 'terminal',
  BucketMissing: 'terminal',
  BucketDenied: 'terminal',
  BucketBusy: 'transient',
  BucketUnreachable: 'transient',
  DialectUnsure: 'terminal',
  ContractBreach: 'terminal',
  ReadersDisagree: 'terminal',
  LakeMissing: 'terminal',
  ReceiptUnreadable: 'terminal',
  DiskFull: 'terminal',
  PermissionDenied: 'terminal',
  PlaceUnusable: 'terminal',
  DestinationUnwritable: 'terminal',
  DestinationBusy: 'transient',
  DestinationMissing: 'terminal',
  DestinationNotOurs: 'terminal',
  DestinationMismatch: 'terminal',
  DestinationUnreachable: 'transient',
  DestinationDenied: 'terminal',
  TooManyVanish: 'terminal',
  Superseded: 'terminal',
  NotAccounted: 'terminal',
  ExtensionMissing: 'terminal',
} as const;

export type FailureType = keyof typeof FAILURES;

/** An error for people, in four parts: what, where, why, and what to do. Thrown by library code; `failure/translate.ts` gives it to Temporal. */
export class AcequiaError extends Error {
  override readonly name = 'AcequiaError';
  readonly type: FailureType;
  readonly what: string;
  readonly why: string | undefined;
  /** `file:line:column`, or file and row, or a key. */
  readonly where: string | undefined;
  /** The command or edit that mends it. */
  readonly remedy: string;

  constructor(
    type: FailureType,
    parts: {
      readonly what: string;
      readonly where?: string;
      readonly why?: string;
      readonly remedy: string;
      readonly cause?: unknown;
    },
  ) {
    const lines = [parts.what];
    if (parts.where) lines.push(`  where: ${parts.where}`);
    if (parts.why) lines.push(`  why:   ${parts.why}`);
    lines.push(`  to do: ${parts.remedy}`);
    super(lines.join('\n'), { cause: parts.cause });
    this.type = type;
    this.what = parts.what;
    this.why = parts.why;
    this.where = parts.where;
    this.remedy = parts.remedy;
  }
}
