/** What the API says of something that went wrong, of a request or of a job. */
export interface ApiProblem {
  /** HTTP status; absent where a job failed, or nothing answered. */
  readonly status?: number;
  /** BigQuery's own word: `notFound`, `rateLimitExceeded`. Absent where nothing answered. */
  readonly reason?: string;
  readonly message: string;
}

/** A job that has ended with an error. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
  /** The one that ended it first, then the others. */
  readonly problems: readonly ApiProblem[];

  constructor(problems: readonly ApiProblem[]) {
    super(problems[0]?.message ?? 'The job failed, and BigQuery does not say why.');
    this.problems = problems;
  }
}

/** Takes an error apart as the client gives it. */
export function apiProblem(error: unknown): ApiProblem {
  if (error instanceof JobFailed) return error.problems[0] ?? { message: error.message };
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, errors, message } = error as Error & { code?: unknown; errors?: unknown };
  const [first] = Array.isArray(errors) ? (errors as Partial<ApiProblem>[]) : [];
  return {
    ...(typeof code === 'number' ? { status: code } : {}),
    ...(typeof first?.reason === 'string' ? { reason: first.reason } : {}),
    message: typeof first?.message === 'string' ? first.message : message,
  };
}

/** Whether what was asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return !(error instanceof JobFailed) && apiProblem(error).status === 404;
}

/** Whether what was to be made is there already. */
export function isDuplicate(error: unknown): boolean {
  return !(error instanceof JobFailed) && apiProblem(error).status === 409;
}
