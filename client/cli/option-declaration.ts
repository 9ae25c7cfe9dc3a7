/** A flag of the command line, declared once for commander, for npm's forms, and for the help. */
export interface OptionDeclaration {
  /** Without dashes, as shown in the help. */
  readonly name: string;
  readonly aliases: readonly string[];
  /**
   * - `value`: one; given twice, the last one counts
   * - `values`: one each time it is given
   * - `list`: several words, or parts between commas
   * - `yes-or-no`: `--name` or `--no-name`; neither leaves it open
   */
  readonly takes: 'nothing' | 'value' | 'values' | 'list' | 'yes-or-no';
  /** How the value is called in the help. */
  readonly placeholder?: string;
  readonly help: string;
  /**
   * How well a bare word would do as this option's value, asked when npm has torn words and flags apart. A `possible`
   * word is taken only where no word is `certain`.
   */
  readonly accepts?: (word: string) => Likely;
}

export type Likely = 'certain' | 'possible' | 'no';

/** A flag without a value. */
export function flag(name: string, aliases: readonly string[], help: string): OptionDeclaration {
  return { name, aliases, takes: 'nothing', help };
}

/** A flag whose value is one of some words. */
export function choice(
  name: string,
  placeholder: string,
  words: readonly string[],
  help: string,
  aliases: readonly string[] = [],
): OptionDeclaration {
  const accepts = (word: string): Likely => (words.includes(word) ? 'certain' : 'no');
  return { name, aliases, takes: 'value', placeholder, help: `${help}: ${words.join(', ')}`, accepts };
}

export function isPath(word: string): boolean {
  return /[\\/]/.test(word) || word === '.' || word === '..' || word === '~';
}
