/** A command as one types it into a shell: words with characters that mean something there are quoted. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  if (/^[\w./:=,@%+~-]+$/.test(word)) return word;
  if (word.includes("'") && !/["$`\\!]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `npm run acequia -- <words>`. */
export function typedCommand(words: readonly string[]): string {
  return `npm run acequia -- ${shellWords(words)}`;
}
