/** A command as one types it into a shell: words with characters that mean something there are quoted. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w./:=,@%+~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** `npm run acequia -- <words>`. */
export function typedCommand(words: readonly string[]): string {
  return `npm run acequia -- ${shellWords(words)}`;
}
