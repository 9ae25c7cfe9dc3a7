import { AcequiaError } from '../../failure/acequia-error.ts';

/** An error with the places that people know: `named` puts them into a text. */
export function renamed(error: unknown, named: (text: string) => string): unknown {
  if (!(error instanceof AcequiaError)) return error;
  const { type, what, where, why, remedy, cause } = error;
  return new AcequiaError(type, {
    what: named(what),
    ...(where === undefined ? {} : { where: named(where) }),
    ...(why === undefined ? {} : { why: named(why) }),
    remedy: named(remedy),
    cause,
  });
}
