/** The name under which a digest is kept beside an object, in the metadata that both vendors have. */
const LABEL = 'acequia-sha256';

export function labelled(digest: string | undefined): Record<string, string> {
  return digest === undefined ? {} : { [LABEL]: digest };
}

export function digestIn(metadata: Readonly<Record<string, unknown>> | undefined): { digest?: string } {
  const digest = metadata?.[LABEL];
  return typeof digest === 'string' ? { digest } : {};
}
