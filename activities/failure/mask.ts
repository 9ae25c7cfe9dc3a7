/** DuckDB quotes values in single quotes and names in double ones: masks the values, keeps the names. */
export function maskLiterals(message: string): string {
  return message.replace(/'[^'\n]*'/g, "'…'");
}

/** Masks all quoted text, and what DuckDB calls a value, for messages of which nobody knows what they quote. */
export function maskQuoted(message: string): string {
  return maskLiterals(message)
    .replace(/"[^"\n]*"/g, '"…"')
    .replace(/\bwith value \S+/g, 'with value …');
}

/** Masks all that may be a value in a message of somebody else's software, and leaves its first line. */
export function maskValues(message: string): string {
  const [line = ''] = message.split('\n');
  return maskSecrets(maskQuoted(line))
    .replace(/\b(ERROR|FATAL|PANIC|DETAIL):.*/, '$1: …')
    .replace(/=\([^)]*\)/g, '=(…)')
    .replace(/\d[\d.,:/T+-]*/g, '…')
    .slice(0, 300);
}

/** Secrets that this process has looked up, and how many of them are kept in mind: they change while it lives. */
const hidden = new Set<string>();
const MOST_HIDDEN = 200;

/** What is shorter stands in too many words by chance. */
const SHORTEST = 4;

/** From now on `maskSecrets` hides a secret; and of a URL also its password, as it is written there and as it is meant. */
export function hideSecret(secret: string): void {
  for (const part of [secret, ...passwordsIn(secret)]) if (part.length >= SHORTEST) hidden.add(part);
  for (const oldest of hidden) if (hidden.size > MOST_HIDDEN) hidden.delete(oldest);
}

/** Masks every secret that was looked up, wherever it stands. */
export function maskSecrets(message: string): string {
  const longestFirst = [...hidden].sort((one, other) => other.length - one.length);
  return longestFirst.reduce((text, secret) => text.replaceAll(secret, '…'), message);
}

function passwordsIn(secret: string): string[] {
  try {
    const { password, searchParams } = new URL(secret);
    return [password, decodeURIComponent(password), searchParams.get('password') ?? ''];
  } catch {
    return [];
  }
}
