/** One thing Acequia needs or can use on this machine. */
export interface Inspected {
  readonly what: string;
  /** Which version, or what for. */
  readonly needed: string;
  readonly version: string | undefined;
  /** Path or address; undefined where it is missing. */
  readonly where: string | undefined;
  /** By which way it was found. */
  readonly from: string | undefined;
  readonly state: 'ok' | 'missing' | 'old';
  /** What to do when it is missing or old. */
  readonly how: string;
  /** Missing is no fault: it is one way to something else, or for tests only. */
  readonly optional: boolean;
}

/** Looks at everything Acequia needs or can use on this machine. Changes nothing. */
export function inspect(): Promise<Inspected[]>;
