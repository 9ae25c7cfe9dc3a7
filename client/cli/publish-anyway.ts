import type { RunOptions } from '../../workflows/definition/index.ts';
import { usageError } from './command-error.ts';
import type { Likely } from './option-declaration.ts';

/** `--publish-anyway` and `--reason` as commander hands them over. */
export interface TypedPublishAnyway {
  readonly publishAnyway?: readonly string[];
  readonly reason?: string;
}

type Asked = Pick<RunOptions, 'publishAnyway'>;

/**
 * The checks that a person overrides for one run, all for the same reason.
 *
 * @throws CommandError (exit 2) for one flag without the other, or one that says nothing
 */
export function publishAnyway({ publishAnyway: given, reason }: TypedPublishAnyway): Asked {
  if (given === undefined && reason === undefined) return {};
  if (given === undefined) {
    throw usageError(
      '--reason says why a check is overridden, and no check is named.',
      'add --publish-anyway <check>, or leave --reason out',
    );
  }
  if (given.some((name) => name.trim() === '')) {
    throw usageError('--publish-anyway names no check.', '--publish-anyway="<check>" --reason="<text>"');
  }
  const why = (reason ?? '').trim().replaceAll(/\s+/g, ' ');
  if (why === '') {
    throw usageError(
      '--publish-anyway needs a reason: it stands in the receipt, in the alert and in the destination.',
      'add --reason="<text>"',
    );
  }
  return { publishAnyway: given.map((check) => ({ check: check.trim(), reason: why })) };
}

/** The same as flags, none left to npm. */
export function publishAnywayWords({ publishAnyway: asked = [] }: Asked): string[] {
  const [first] = asked;
  return first ? [...asked.map(({ check }) => `--publish-anyway=${check}`), `--reason=${first.reason}`] : [];
}

/** Names of checks begin with what they are about: `ventas: bad rows`. */
const CHECK_NAME = /^[a-z_][a-z0-9_]*: \S/;

/** How well a word that npm tore from its flag would do as a check's name. */
export function isCheckName(word: string): Likely {
  return CHECK_NAME.test(word) ? 'certain' : 'possible';
}

/** … and as a reason: several words that are no check's name. */
export function isReason(word: string): Likely {
  if (CHECK_NAME.test(word)) return 'no';
  return /\s/.test(word) ? 'certain' : 'possible';
}
