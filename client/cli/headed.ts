const HEAD_WIDTH = 13;

/** Lines under a word in the first column of a command's last screen. */
export function headed(head: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? head : '').padEnd(HEAD_WIDTH)}${line}`);
}
