import { endOfJsonString } from './json-string.ts';

/** Objects and lists inside one another: DuckDB's functions of JSON come to their end at some thousands. */
const MOST_NESTED = 1_000;

/** What matters of a text of JSON but for its strings: where one begins, brackets, and the colon that makes one a name. */
const TOKEN = /["{}[\]:]/g;

/** An escape that is half of a character, if the other half does not follow. */
const HALF = /\\ud[89a-f]/i;

/**
 * Why a text is no JSON that every reader takes for the same, in a few words; `undefined`: it is. Refused are also a name that
 * stands twice in one object, of which some take the first and others the last, half a character, and what is nested too deeply.
 */
export function jsonProblem(text: string): string | undefined {
  const { names, depth } = survey(text);
  if (depth > MOST_NESTED) return 'the record is nested too deeply';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the record is no valid JSON';
  }
  if (HALF.test(text) && HALF.test(JSON.stringify(value))) return 'a text in the record ends within a character';
  return names === countNames(value) ? undefined : 'a name stands twice in an object of the record';
}

/** What a text would hold if it were JSON: names, and the greatest depth. */
function survey(text: string): { names: number; depth: number } {
  let [names, open, depth] = [0, 0, 0];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [token] = found;
    if (token === '"') TOKEN.lastIndex = endOfJsonString(text, found.index);
    else if (token === ':') names += 1;
    else if (token === '{' || token === '[') depth = Math.max(depth, (open += 1));
    else open -= 1;
  }
  return { names, depth };
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  const own = Array.isArray(value) ? 0 : members.length;
  return members.reduce<number>((sum, member) => sum + countNames(member), own);
}
