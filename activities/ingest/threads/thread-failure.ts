import { AcequiaError, type FailureType } from '../../failure/acequia-error.ts';

/** An error in a form that threads can send. */
export interface ThreadFailure {
  readonly message: string;
  /** Of an error of the system: `ENOSPC`, `EIO`. */
  readonly code: string | undefined;
  /** Of an `AcequiaError`: its type and parts. */
  readonly acequia:
    | {
        readonly type: FailureType;
        readonly what: string;
        readonly where: string | undefined;
        readonly why: string | undefined;
        readonly remedy: string;
      }
    | undefined;
}

export function asFailure(error: unknown): ThreadFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (!(error instanceof AcequiaError)) return { message, code, acequia: undefined };
  const { type, what, where, why, remedy } = error;
  return { message, code, acequia: { type, what, where, why, remedy } };
}

export function asError({ message, code, acequia }: ThreadFailure): Error {
  if (acequia === undefined) return Object.assign(new Error(message), code === undefined ? {} : { code });
  const { type, what, where, why, remedy } = acequia;
  return new AcequiaError(type, { what, remedy, ...(where ? { where } : {}), ...(why ? { why } : {}) });
}
