/** Flags of `copy` as commander hands them over: words that nobody has looked at. */
export interface TypedCopyOptions {
  readonly table?: string;
  readonly mode?: string;
  readonly missing?: string;
  readonly vanishAtMost?: string;
  readonly key?: string;
  readonly keepLatestBy?: string;
  readonly partitionBy?: string;
  readonly contract?: string;
  readonly declare?: readonly string[];
  readonly format?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly header?: boolean;
  readonly comment?: string;
  readonly records?: string;
  readonly sheet?: string;
  readonly nested?: string;
}
